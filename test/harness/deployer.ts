import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { functionLimits } from '../../infra/deployment.ts';
import { createEndpointQueues, eventBusName, outcomePattern } from '../../infra/local/gateway/endpoint-queues.ts';
import { startEventSource } from '../../infra/local/lambda/event-source/event-source.ts';
import { pendingDeploymentMessage } from '../../lib/deploy/pending-deployment.ts';
import type { PendingDeploymentMessage } from '../../lib/deploy/pending-deployment-message.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { openDeployments } from '../../lib/ledger/deployments.ts';
import { defaultTimings } from '../../lib/provision/timings.ts';
import { deployQueueHandler } from '../../lib/queue/deployments.ts';
import { outboxOf } from '../../lib/queue/outbox.ts';
import { putOn } from '../../lib/queue/publish.ts';
import { queuesAt } from '../../lib/queue/queues.ts';
import { watchedClient } from './bus.ts';
import { type Fate, mortalPart, type Step, type System } from './system.ts';

const functionTimeoutMs = functionLimits['deploy-queue'].timeoutSeconds * 1000;

export interface DeployerOptions {
  /** The step at which a function that was started for these messages dies. */
  readonly dies?: () => (step: Step) => boolean;
  /** The grants, read for each batch. */
  readonly grants: () => GrantsDocument;
}

/** The queue door for an endpoint's pending deployments in a running system, and its outcomes. */
export const startDeployer = (
  system: System,
  endpoint: Endpoint,
  { dies = () => () => false, grants }: DeployerOptions,
) => {
  const { aws, clock, sqs, events, log, table, plain } = system;
  const { deployment } = endpoint;
  const { pendingDeployments } = createEndpointQueues(aws, endpoint);
  if (!deployment || !pendingDeployments) throw new Error(`${endpoint.name} needs no deployment`);
  const { queue, deadLetters } = pendingDeployments;
  system.pendingDeployments.queueUrl = queue.url;
  const outcomes: { readonly type: string; readonly detail: Record<string, unknown> }[] = [];
  aws.events.addRule({
    bus: eventBusName,
    pattern: outcomePattern,
    target: (event) => void outcomes.push({ type: event['detail-type'], detail: Object(event.detail) }),
  });
  const queues = queuesAt(sqs, queue.url, deadLetters.url, clock);
  const outbox = outboxOf(putOn(watchedClient(events, clock), eventBusName, clock), clock);
  const watched = {
    deadLetter: (...args: Parameters<typeof queues.deadLetter>) => clock.during(queues.deadLetter(...args)),
    postpone: (...args: Parameters<typeof queues.postpone>) => clock.during(queues.postpone(...args)),
  };
  let owners = 0;

  const handlerBy = (fate: Fate) => {
    const pingOne = mortalPart('PingOne', { token: plain.token, get: plain.get, deploy: plain.send }, fate);
    const ledger = mortalPart('deployments', openDeployments(table, endpoint.name, defaultTimings.clockSkew), fate);
    return deployQueueHandler({
      endpoint,
      grants: parseGrants(grants()),
      deployments: () => ledger,
      pingOne: { token: pingOne.token, get: pingOne.get, refused: plain.refused },
      send: pingOne.deploy,
      clock,
      clockSkewMs: defaultTimings.clockSkew,
      newOwner: () => `deployer ${owners++}`,
      outbox: (messages) => {
        const withPublish = outbox(messages);
        return (handle) => withPublish((publish) => handle(mortalPart('queue', { publish }, fate).publish));
      },
      queues: mortalPart('queue', watched, fate),
      log,
    });
  };

  const invoke = async (event: SQSEvent): Promise<unknown> => {
    const end = clock.now() + functionTimeoutMs;
    const died = Promise.withResolvers<never>();
    const fate = { dies: dies(), sleeps: {}, onDeath: () => died.reject(new Error('the function died')) };
    const context: Partial<Context> = { getRemainingTimeInMillis: () => end - clock.now() };
    return Promise.race([died.promise, handlerBy(fate)(event, Object(context))]);
  };
  const source = startEventSource({ queue, invoke });

  return {
    queue,
    deadLetters,
    outcomes,
    path: fillPath(deployment.path, endpoint.example.parameters),
    /** Sends a pending deployment's message again, or any other. */
    send: (pending: Omit<PendingDeploymentMessage, 'source'> | string) => {
      const MessageBody = typeof pending === 'string' ? pending : pendingDeploymentMessage(pending);
      return clock.during(sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody })));
    },
    item: async () =>
      openDeployments(table, endpoint.name, 0).read(fillPath(deployment.path, endpoint.example.parameters)),
    close: () => source.close(),
  };
};
