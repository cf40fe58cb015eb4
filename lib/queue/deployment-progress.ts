import type { SQSRecord } from 'aws-lambda';
import type { DeployParts } from '../deploy/attempt.ts';
import { Covered, deploy } from '../deploy/deploy.ts';
import { reportedDeployment } from '../deploy/deployment-line.ts';
import type { PendingDeploymentMessage } from '../deploy/pending-deployment-message.ts';
import type { Service } from '../deploy/service.ts';
import { laterMs, retryMs } from '../deploy/waits.ts';
import type { Authorization } from '../grants/authorize.ts';
import type { DeploymentItem } from '../ledger/deployment-item.ts';
import { codeOf, Problem } from '../problems.ts';

/** A message with its service, and the grants' decision now: a grant may have ended since the create. */
export interface Waiting extends Pick<Authorization, 'right' | 'denied'> {
  readonly record: SQSRecord;
  readonly pending: PendingDeploymentMessage;
  readonly service: Service;
}

/** What is known of a service after the batch has tried: the last covered number, and the wait for the others. */
export interface Progress {
  readonly covered: number;
  readonly deployedAt?: number | undefined;
  readonly waitMs: number;
  /** The failure of this batch's own attempt, reported by one message. */
  readonly failure?: { readonly by: SQSRecord; readonly status: number; readonly code: string };
}

/** Times reserved before Lambda stops the function, in milliseconds. */
const lookBeforeMs = 15_000;
const publishBeforeMs = 8_000;

/** Covers the last pending deployment of a batch for one service, if no deployment does yet. */
export const progressFor = async (parts: DeployParts, waiting: readonly Waiting[], end: number): Promise<Progress> => {
  const last = waiting.reduce((one, other) => (other.pending.number > one.pending.number ? other : one));
  const { record, pending, service } = last;
  const { clock, deployments } = parts;
  const known = await deployments(end - publishBeforeMs).read(service.path);
  const before = coveredBy(known);
  if (known.deployed >= pending.number) return before;
  const failedMs = retryMs(known.failures);
  const line = { ...lineOf(last), receives: Number(record.attributes.ApproximateReceiveCount) };
  const times = { sendBy: end - lookBeforeMs, deadline: end - publishBeforeMs, pending: pending.number };
  try {
    const { state, covers: covered } = await reportedDeployment(parts, line, () => deploy(parts, service, times));
    if (state.is === 'deployed') return { covered, deployedAt: state.deployedAt ?? clock.now(), waitMs: 0 };
    if (state.is === 'deploying') return { ...before, waitMs: laterMs() };
    return { ...before, waitMs: failedMs, failure: { by: record, status: 200, code: state.code } };
  } catch (error) {
    if (error instanceof Covered) return coveredBy(error.item);
    if (!(error instanceof Problem)) throw error;
    const { code, status, facts } = error;
    if (code !== 'PINGONE_REFUSED' || status === 409) return { ...before, waitMs: facts.retryAfterMs ?? laterMs() };
    return { ...before, waitMs: failedMs, failure: { by: record, status, code: codeOf(error) } };
  }
};

const coveredBy = ({ deployed, deployedAt }: DeploymentItem): Progress => ({
  covered: deployed,
  deployedAt,
  waitMs: laterMs(),
});

/** The members of a deployment's line that its message has. */
export const lineOf = ({ pending: { caller, parameters, requestID }, service, right }: Waiting) => ({
  ...{ door: 'queue', endpoint: service.endpoint.name, caller, parameters, request: requestID },
  ...right,
});
