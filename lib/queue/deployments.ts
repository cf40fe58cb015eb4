import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Covered, type DeployParts, deploy } from '../deploy/deploy.ts';
import { reportedDeployment } from '../deploy/deployment-line.ts';
import { type PendingDeploymentMessage, readPendingDeployment } from '../deploy/pending-deployment-message.ts';
import { type Service, serviceOf } from '../deploy/service.ts';
import { laterMs, redeliveryMs, retryMs } from '../deploy/waits.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Authorization, authorizeCaller } from '../grants/authorize.ts';
import type { Grants } from '../grants/document.ts';
import type { DeploymentItem } from '../ledger/deployment-item.ts';
import { Problem } from '../problems.ts';
import { describeError } from '../runtime/logger.ts';
import { codeOf, deployedOutcome, deploymentFailedOutcome } from './deployment-outcome.ts';
import type { OpenOutbox } from './outbox.ts';
import type { Publish } from './publish.ts';
import type { Queues } from './queues.ts';

export interface DeployQueueDoor extends DeployParts {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  readonly outbox: OpenOutbox;
  readonly queues: Queues;
}

/** Times reserved before Lambda stops the function, in milliseconds. */
const lookBeforeMs = 15_000;
const publishBeforeMs = 8_000;
const endBeforeMs = 1_000;

/** A message of the batch with its service, and the grants' decision now: a grant may have ended since the create. */
interface Waiting extends Pick<Authorization, 'right' | 'denied'> {
  readonly record: SQSRecord;
  readonly pending: PendingDeploymentMessage;
  readonly service: Service;
}

/** What is known of a service after the batch has tried: the last covered number, and the wait for the others. */
interface Progress {
  readonly covered: number;
  readonly deployedAt?: number | undefined;
  readonly waitMs: number;
  /** The failure of this batch's own attempt, reported by one message. */
  readonly failure?: { readonly by: SQSRecord; readonly status: number; readonly code: string };
}

/**
 * Runs the pending deployments of a batch, at most one per service. A message ends when a deployment covers its number, after
 * that is published; any other waits and comes again.
 */
export const deployQueueHandler =
  (door: DeployQueueDoor) =>
  async (event: Partial<SQSEvent> | null, context: Context): Promise<SQSBatchResponse> => {
    const records = event?.Records ?? [];
    const end = door.clock.now() + context.getRemainingTimeInMillis();
    const withPublish = door.outbox(records.length);
    const services = new Map<string, Promise<Progress>>();
    const read = records.map((record) => ({ record, waiting: waitingIn(door, record) }));
    /** Started when the first message asks, so that a batch has one attempt per service. */
    const progressOf = ({ path }: Service): Promise<Progress> => {
      const own = read.flatMap(({ waiting }) =>
        waiting && !waiting.denied && waiting.service.path === path ? [waiting] : [],
      );
      const progress = services.get(path) ?? progressFor(door, own, end);
      services.set(path, progress);
      return progress;
    };
    const done = await Promise.all(
      read.map(({ record, waiting }) =>
        withPublish((publish) => handled({ ...door, publish, progressOf }, record, waiting, end)),
      ),
    );
    const failed = records.filter((_, index) => !done[index]);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

/** Reads a message and asks the grants; undefined if it is no pending deployment. */
const waitingIn = ({ endpoint, grants, clock }: DeployQueueDoor, record: SQSRecord): Waiting | undefined => {
  const pending = readPendingDeployment(record.body);
  const service = pending && serviceOf(endpoint, pending.parameters);
  if (!pending || !service) return undefined;
  const { caller, parameters } = pending;
  const request = { endpoint, parameters, deploy: 'after' } as const;
  return { record, pending, service, ...authorizeCaller(grants, caller, request, clock.now()) };
};

interface MessageDoor extends DeployQueueDoor {
  readonly publish: Publish;
  readonly progressOf: (service: Service) => Promise<Progress>;
}

/** Whether SQS may delete a message. Never throws: one message must not fail its batch. */
const handled = async (
  door: MessageDoor,
  record: SQSRecord,
  waiting: Waiting | undefined,
  end: number,
): Promise<boolean> => {
  try {
    return await handle(door, record, waiting, end - endBeforeMs);
  } catch (error) {
    door.log('error', { message: record.messageId, error: describeError(error) });
    return false;
  }
};

const handle = async (
  door: MessageDoor,
  record: SQSRecord,
  waiting: Waiting | undefined,
  deadline: number,
): Promise<boolean> => {
  const { endpoint, clock, publish, queues, progressOf, log } = door;
  if (!waiting) {
    await queues.deadLetter(record, 'The message is no pending deployment.', 'NO_PENDING_DEPLOYMENT', deadline);
    return true;
  }
  const { pending, service, right, denied } = waiting;
  const nth = record.attributes.ApproximateReceiveCount;
  const published = async (covered: Pick<DeploymentItem, 'deployedAt'>): Promise<true> => {
    await publish(endpoint, 'Deployed', deployedOutcome(pending, covered, clock.now()), deadline);
    return true;
  };
  if (denied) {
    log('info', { deployment: { ...lineOf(door, pending), ...right, outcome: 'denied', code: 'ACCESS_FAILED' } });
    const known = await door.deployments(deadline).read(service.path);
    if (known && known.deployed >= pending.number) return published(known);
    const outcome = deploymentFailedOutcome(pending, codeOf(denied), { now: clock.now(), nth, isRetried: false });
    await door.deployments(deadline).deny(service.path, pending.number, codeOf(denied).code);
    await publish(endpoint, 'DeploymentFailed', outcome, deadline);
    return true;
  }
  const { covered, deployedAt, waitMs, failure } = await progressOf(service);
  if (pending.number <= covered) return published({ deployedAt });
  if (failure?.by === record) {
    const outcome = deploymentFailedOutcome(pending, failure, { now: clock.now(), nth, isRetried: true });
    await publish(endpoint, 'DeploymentFailed', outcome, deadline);
  }
  await queues.postpone(record, Math.max(waitMs, redeliveryMs(Number(nth))), deadline);
  return false;
};

const lineOf = ({ endpoint }: DeployQueueDoor, { caller, parameters, requestID }: PendingDeploymentMessage) => ({
  ...{ door: 'queue', endpoint: endpoint.name, caller, parameters, request: requestID },
});

/** Covers the last pending deployment of a batch for one service, if no deployment does yet. */
const progressFor = async (door: DeployQueueDoor, waiting: readonly Waiting[], end: number): Promise<Progress> => {
  const last = waiting.reduce((one, other) => (other.pending.number > one.pending.number ? other : one));
  const { record, pending, service, right } = last;
  const { clock, deployments } = door;
  const known = await deployments(end - publishBeforeMs).read(service.path);
  if (known && known.deployed >= pending.number) return coveredBy(known);
  const line = { ...lineOf(door, pending), ...right, receives: Number(record.attributes.ApproximateReceiveCount) };
  const times = { sendBy: end - lookBeforeMs, deadline: end - publishBeforeMs, pending: pending.number };
  try {
    const { state, covers: covered } = await reportedDeployment(door, line, () => deploy(door, service, times));
    if (state.is === 'deployed') return { covered, deployedAt: state.deployedAt ?? clock.now(), waitMs: 0 };
    const before = coveredBy(known);
    if (state.is === 'deploying') return { ...before, waitMs: laterMs() };
    const failure = { by: record, status: 200, code: state.code };
    return { ...before, waitMs: retryMs(known?.failures ?? 0), failure };
  } catch (error) {
    if (error instanceof Covered) return coveredBy(error.item);
    if (!(error instanceof Problem)) throw error;
    const isFailure = error.code === 'PINGONE_REFUSED' && error.status !== 409;
    const waitMs = isFailure ? retryMs(known?.failures ?? 0) : (error.facts.retryAfterMs ?? laterMs());
    return { ...coveredBy(known), waitMs, ...(isFailure && { failure: { by: record, ...codeOf(error) } }) };
  }
};

const coveredBy = (item: DeploymentItem | undefined): Progress => ({
  covered: item?.deployed ?? 0,
  deployedAt: item?.deployedAt,
  waitMs: laterMs(),
});
