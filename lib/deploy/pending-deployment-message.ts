import * as z from 'zod/mini';
import { eventSources } from '../contract.ts';

const source = eventSources.pendingDeployment;

/** The message of a pending deployment: it ends when a deployment covers its number. Only functions that create may send it. */
const message = z.lazy(() =>
  z.object({
    source: z.literal(source),
    /** Its number, which the service's item in the ledger counts. */
    number: z.int().check(z.positive()),
    requestID: z.string(),
    /** The caller of the request, whose grants are asked again. */
    caller: z.string(),
    parameters: z.record(z.string(), z.string()),
    /** The id of the created resource. */
    resource: z.string(),
  }),
);

export type PendingDeploymentMessage = z.output<typeof message>;

/** Parses a message; undefined if it is no pending deployment. */
export const readPendingDeployment = (text: string): PendingDeploymentMessage | undefined => {
  try {
    return z.safeParse(message, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
