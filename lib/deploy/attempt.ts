import type { DeploymentItem } from '../ledger/deployment-item.ts';
import type { DeploymentEnd, Deployments, DeploymentsBy } from '../ledger/deployments.ts';
import type { PingOne } from '../pingone/client.ts';
import type { DeploymentState } from '../pingone/deployment.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Send } from '../runtime/connection.ts';
import { describeError, type Log } from '../runtime/logger.ts';
import type { Service } from './service.ts';

export interface DeployParts {
  readonly deployments: DeploymentsBy;
  readonly pingOne: Pick<PingOne, 'token' | 'refused' | 'get'>;
  readonly send: Send;
  readonly clock: Clock;
  /** Bound on the difference between the clocks of two functions, in milliseconds. */
  readonly clockSkewMs: number;
  /** Returns a token that is unique to an attempt. */
  readonly newOwner: () => string;
  readonly log: Log;
}

/** When an attempt must end, in milliseconds since the epoch. */
export interface DeployTimes {
  /** The end of the deployment itself; then the state is read. */
  readonly sendBy: number;
  /** The end of every call. */
  readonly deadline: number;
  /** The number of the pending deployment to cover: then the attempt waits as the ledger says. An explicit call has none. */
  readonly pending?: number;
}

/** PingOne's state after a deployment, and the number of the last pending deployment that it covers. */
export interface DeployResult {
  readonly state: DeploymentState;
  readonly covers: number;
}

/** One attempt at a deployment, which has the lease. */
export interface Attempt extends DeployParts {
  readonly service: Service;
  readonly times: DeployTimes;
  readonly ledger: Deployments;
  readonly owner: string;
  readonly item: DeploymentItem;
}

/** Ends an attempt whose deployment, which began at `since`, is done. */
export const deployed = async (
  attempt: Attempt,
  state: DeploymentState,
  covers: number,
  since: number,
): Promise<DeployResult> => {
  const deployedAt = state.deployedAt ?? attempt.clock.now();
  await end(attempt, { end: 'deployed', covers, deployedAt, since });
  return { state, covers };
};

/** Ends an attempt with a problem. */
export const failed = async (attempt: Attempt, problem: Problem, ended: DeploymentEnd): Promise<never> => {
  await end(attempt, ended);
  throw problem;
};

/** Records the end. If that fails the lease ends by itself, and the next attempt looks at PingOne's state first. */
export const end = async ({ ledger, service, owner, log }: Attempt, ended: DeploymentEnd): Promise<void> => {
  const left = { left: 'deployment not recorded', end: ended.end };
  try {
    if (!(await ledger.end(service.path, owner, ended))) log('warn', left);
  } catch (error) {
    log('warn', { ...left, error: describeError(error) });
  }
};

/** The problem of an attempt that sent nothing. */
export const busy = (why: string, restMs: number) =>
  new Problem('NAME_BUSY', `${why} Nothing was sent; retry later.`, { retryAfterMs: Math.max(1_000, restMs) });
