import * as z from 'zod/mini';
import { readPendingDeployment } from '../../../lib/deploy/pending-deployment-message.ts';
import type { Observation } from './observation.ts';
import { arrivalIn } from './queued-messages.ts';

const httpEvent = z.object({ requestContext: z.object({ requestId: z.string() }) });

const queueEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.string() }),
    }),
  ),
});

/** The HTTP request or the messages that a function is invoked with. */
export const invocationOf = (invocation: string, name: string, event: unknown): Observation | undefined => {
  const http = httpEvent.safeParse(event).data;
  if (http) return { type: 'invoked', invocation, name, id: http.requestContext.requestId };
  const queue = queueEvent.safeParse(event).data;
  if (!queue) return undefined;
  const requests = queue.Records.flatMap(({ body }) => readPendingDeployment(body)?.requestID ?? []);
  if (requests.length > 0) return { type: 'pendingDeployments', invocation, requests };
  const deliveries = queue.Records.map(({ messageId: message, body, attributes }) => ({
    arrival: arrivalIn(body, message),
    message,
    receives: Number(attributes.ApproximateReceiveCount),
    body,
  }));
  return { type: 'delivered', invocation, endpoint: name.replace(/-queue$/, ''), deliveries };
};
