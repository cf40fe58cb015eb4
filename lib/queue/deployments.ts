import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeployParts } from '../deploy/attempt.ts';
import { readPendingDeployment } from '../deploy/pending-deployment-message.ts';
import { type Service, serviceOf } from '../deploy/service.ts';
import { redeliveryMs } from '../deploy/waits.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { authorizeCaller } from '../grants/authorize.ts';
import type { Grants } from '../grants/document.ts';
import type { Problem } from '../problems.ts';
import { processBatch } from './batch.ts';
import { deployedOutcome, deploymentFailedOutcome } from './deployment-outcome.ts';
import { lineOf, type Progress, progressFor, type Waiting } from './deployment-progress.ts';
import type { OpenOutbox } from './outbox.ts';
import type { Publish } from './publish.ts';
import type { Queues } from './queues.ts';

export interface DeployQueueDoor extends DeployParts {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  readonly outbox: OpenOutbox;
  readonly queues: Queues;
}

/** Time reserved after the last call to AWS, in milliseconds. */
const endBeforeMs = 1_000;

/**
 * Runs the pending deployments of a batch, at most one per service. A message ends when a deployment covers its number, after
 * that is published; any other waits and comes again.
 */
export const deployQueueHandler =
  (door: DeployQueueDoor) =>
  async (event: Partial<SQSEvent> | null, context: Context): Promise<SQSBatchResponse> => {
    const records = event?.Records ?? [];
    const end = door.clock.now() + context.getRemainingTimeInMillis();
    const services = new Map<string, Promise<Progress>>();
    const read = new Map(records.map((record) => [record, waitingIn(door, record)]));
    /** Started when the first message asks, so that a batch has one attempt per service. */
    const progressOf = ({ path }: Service): Promise<Progress> => {
      const started = services.get(path);
      if (started) return started;
      const own = [...read.values()].flatMap((waiting) =>
        waiting && !waiting.denied && waiting.service.path === path ? [waiting] : [],
      );
      const progress = progressFor(door, own, end);
      services.set(path, progress);
      return progress;
    };
    return processBatch(door, records, (record, publish) =>
      processMessage({ ...door, publish, progressOf, deadline: end - endBeforeMs }, record, read.get(record)),
    );
  };

/** Reads a message and asks the grants; undefined if it is no pending deployment. */
const waitingIn = ({ endpoint, grants, clock }: DeployQueueDoor, record: SQSRecord): Waiting | undefined => {
  const pending = readPendingDeployment(record.body);
  if (!pending) return undefined;
  const { caller, parameters } = pending;
  const service = serviceOf(endpoint, parameters);
  const request = { endpoint, parameters, deploy: 'after' } as const;
  return { record, pending, service, ...authorizeCaller(grants, caller, request, clock.now()) };
};

interface MessageDoor extends DeployQueueDoor {
  readonly publish: Publish;
  readonly progressOf: (service: Service) => Promise<Progress>;
  readonly deadline: number;
}

/** Whether SQS may delete the message. */
const processMessage = async (door: MessageDoor, record: SQSRecord, waiting?: Waiting): Promise<boolean> => {
  const { queues, deadline } = door;
  if (!waiting) {
    await queues.deadLetter(record, 'The message is no pending deployment.', 'NO_PENDING_DEPLOYMENT', deadline);
    return true;
  }
  const { pending, service, denied } = waiting;
  if (denied) return deny(door, waiting, denied);
  const { covered, deployedAt, waitMs, failure } = await door.progressOf(service);
  if (pending.number <= covered) return publishDeployed(door, waiting, deployedAt);
  if (failure?.by === record) await publishFailed(door, waiting, failure, true);
  const receives = Number(record.attributes.ApproximateReceiveCount);
  await queues.postpone(record, Math.max(waitMs, redeliveryMs(receives)), deadline);
  return false;
};

/** Ends a message whose caller may not deploy any more; an earlier deployment may cover it all the same. */
const deny = async (door: MessageDoor, waiting: Waiting, denied: Problem): Promise<true> => {
  const { pending, service } = waiting;
  const ledger = door.deployments(door.deadline);
  door.log('info', { deployment: { ...lineOf(waiting), outcome: 'denied', code: 'ACCESS_FAILED' } });
  const known = await ledger.read(service.path);
  if (known.deployed >= pending.number) return publishDeployed(door, waiting, known.deployedAt);
  await ledger.deny(service.path, pending.number, denied.code);
  return publishFailed(door, waiting, denied, false);
};

const publishDeployed = async (door: MessageDoor, { pending }: Waiting, deployedAt?: number): Promise<true> => {
  const { endpoint, clock, publish, deadline } = door;
  await publish(endpoint, 'Deployed', deployedOutcome(pending, { deployedAt }, clock.now()), deadline);
  return true;
};

const publishFailed = async (
  { endpoint, clock, publish, deadline }: MessageDoor,
  { record, pending }: Waiting,
  failure: { readonly status: number; readonly code: string },
  isRetried: boolean,
): Promise<true> => {
  const receipt = { now: clock.now(), nth: record.attributes.ApproximateReceiveCount, isRetried };
  await publish(endpoint, 'DeploymentFailed', deploymentFailedOutcome(pending, failure, receipt), deadline);
  return true;
};
