import type { DeploymentItem } from '../ledger/deployment-item.ts';
import type { DeploymentEnd, Deployments, DeploymentsBy } from '../ledger/deployments.ts';
import type { PingOne } from '../pingone/client.ts';
import {
  type DeploymentState,
  type DeployReply,
  deployOnce,
  isDeployedSince,
  stateIn,
  unknownDeployment,
} from '../pingone/deployment.ts';
import { refusedRead } from '../pingone/refused-read.ts';
import { GatewayError, Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Send } from '../runtime/connection.ts';
import { describeError, type Log } from '../runtime/logger.ts';
import type { Service } from './service.ts';
import { laterMs, leaseMarginMs, minimumSendMs, retryMs } from './waits.ts';

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

interface Attempt extends DeployParts {
  readonly service: Service;
  readonly times: DeployTimes;
  readonly ledger: Deployments;
  readonly owner: string;
  readonly item: DeploymentItem;
}

/** Thrown if an earlier deployment covers the pending one. */
export class Covered extends GatewayError {
  override readonly name = 'Covered';
  readonly item: DeploymentItem;

  constructor(item: DeploymentItem) {
    super('already deployed');
    this.item = item;
  }
}

/**
 * Deploys a service under its lease, so that the gateway never runs two deployments of one service at a time. It covers
 * every pending deployment that the lease's item counts: their resources were created before. An earlier deployment whose
 * end is unknown is looked at first.
 * @throws Problem NAME_BUSY while another attempt deploys or a wait is not over, DEPLOYMENT_UNKNOWN, PingOne's refusal, and
 * others of PingOne; Covered; LedgerUnavailable
 */
export const deploy = async (parts: DeployParts, service: Service, times: DeployTimes): Promise<DeployResult> => {
  const { pingOne, deployments, clock, clockSkewMs, newOwner } = parts;
  // First, so that the lease is fresh when the deployment leaves.
  await pingOne.token(times.sendBy);
  const ledger = deployments(times.deadline);
  const owner = newOwner();
  const now = clock.now();
  const lease = { owner, until: times.deadline + leaseMarginMs };
  const { isOwner, item } = await ledger.lease(service.path, lease, now, times.pending);
  if (!isOwner) {
    if (times.pending !== undefined && item.deployed >= times.pending) throw new Covered(item);
    // A deployment usually ends long before its lease.
    const leaseMs = item.lease === undefined ? 0 : Math.min(item.lease + clockSkewMs - now, laterMs());
    const retryAt = times.pending === undefined ? undefined : item.retryAt;
    throw busy('Another attempt deploys now.', Math.max(leaseMs, (retryAt ?? now) - now));
  }
  const attempt = { ...parts, service, times, ledger, owner, item };
  return item.openBy === owner ? send(attempt) : resume(attempt);
};

const busy = (why: string, restMs: number) =>
  new Problem('NAME_BUSY', `${why} Nothing was sent; retry later.`, { retryAfterMs: Math.max(1_000, restMs) });

/**
 * Looks at an earlier deployment without a known end, and deploys if that does not run any more. If that has ended well, it
 * covers the pending deployments before it; a call is about what is configured now, so it deploys in any case.
 */
const resume = async (attempt: Attempt): Promise<DeployResult> => {
  const { clock, clockSkewMs, times, item } = attempt;
  const { openSince = 0, openCovers } = item;
  const waiting = async (problem: Problem): Promise<never> => {
    await end(attempt, { end: 'waiting', retryAt: clock.now() + laterMs(problem) });
    throw problem;
  };
  const looked = await look(attempt, openSince + clockSkewMs);
  if ('problem' in looked) return waiting(looked.problem);
  const { state, isSince } = looked;
  if (state.is === 'deploying') return waiting(busy('PingOne is still deploying.', laterMs()));
  if (isSince && openCovers !== undefined && times.pending !== undefined)
    return deployed(attempt, state, openCovers, openSince);
  return send(attempt);
};

type Looked = { readonly problem: Problem } | { readonly state: DeploymentState; readonly isSince: boolean };

/** Reads the state; `since` is by our clock. */
const look = async ({ pingOne, service, times, clock }: Attempt, since: number): Promise<Looked> => {
  const askedAt = clock.now();
  const why = "PingOne's state of the deployment cannot be read";
  try {
    const answer = await pingOne.get(service.path, times.deadline);
    const state = stateIn(answer);
    if (!state) return { problem: refusedRead(answer, clock.now()) ?? unknownDeployment(why) };
    return { state, isSince: isDeployedSince(state, answer, since, askedAt) };
  } catch (cause) {
    return { problem: unknownDeployment(why, { cause }) };
  }
};

const send = async (attempt: Attempt): Promise<DeployResult> => {
  const { clock, times, item } = attempt;
  const since = clock.now();
  if (times.sendBy - since < minimumSendMs) {
    await end(attempt, { end: 'later', retryAt: since });
    throw busy('Too little time was left.', 1_000);
  }
  const reply = await sendOnce(attempt);
  const now = clock.now();
  const { wanted: covers } = item;
  switch (reply.known) {
    case 'state': {
      const { state } = reply;
      if (state.is === 'deployed') return deployed(attempt, state, covers, since);
      const retryAt = now + (state.is === 'failed' ? retryMs(item.failures) : laterMs());
      const { code } = state;
      await end(
        attempt,
        state.is === 'failed' ? { end: 'failed', code, retryAt } : { end: 'open', covers, since, retryAt },
      );
      return { state, covers };
    }
    case 'unknown': {
      const looked = await look(attempt, since);
      if ('state' in looked && looked.isSince) return deployed(attempt, looked.state, covers, since);
      await end(attempt, { end: 'open', covers, since, retryAt: clock.now() + laterMs() });
      const isRunning = 'state' in looked && looked.state.is === 'deploying';
      throw isRunning ? stillDeploying(reply.problem) : reply.problem;
    }
    case 'refused':
    case 'unauthorized': {
      const { facts, code } = reply.problem;
      await end(attempt, { end: 'failed', code: facts.upstream?.code ?? code, retryAt: now + retryMs(item.failures) });
      throw reply.problem;
    }
    default:
      await end(attempt, { end: 'later', retryAt: now + laterMs(reply.problem) });
      throw reply.problem;
  }
};

const stillDeploying = ({ cause, facts }: Problem) =>
  new Problem('DEPLOYMENT_UNKNOWN', 'PingOne is still deploying; a GET of this path tells when it has ended.', {
    ...facts,
    cause,
  });

/** Sends a deployment; once more with a new token if PingOne rejects the first. */
const sendOnce = async (attempt: Attempt): Promise<DeployReply> => {
  const { pingOne, service, times, clock } = attempt;
  for (let isTokenRenewed = false; ; isTokenRenewed = true) {
    const token = await pingOne.token(times.sendBy);
    const reply = await deployOnce({ ...service, token }, attempt, Math.max(1, times.sendBy - clock.now()));
    if (reply.known !== 'unauthorized') return reply;
    pingOne.refused(token);
    if (isTokenRenewed || times.sendBy - clock.now() < minimumSendMs) return reply;
  }
};

const deployed = async (
  attempt: Attempt,
  state: DeploymentState,
  covers: number,
  since: number,
): Promise<DeployResult> => {
  const deployedAt = state.deployedAt ?? attempt.clock.now();
  await end(attempt, { end: 'deployed', covers, deployedAt, since });
  return { state, covers };
};

/** Records the end. If that fails the lease ends by itself, and the next attempt looks at PingOne's state first. */
const end = async ({ ledger, service, owner, log }: Attempt, ended: DeploymentEnd): Promise<void> => {
  try {
    const isRecorded = await ledger.end(service.path, owner, ended);
    if (!isRecorded) log('warn', { left: 'deployment not recorded', end: ended.end });
  } catch (error) {
    log('warn', { left: 'deployment not recorded', end: ended.end, error: describeError(error) });
  }
};
