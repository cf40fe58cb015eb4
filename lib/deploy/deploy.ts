import type { DeploymentItem } from '../ledger/deployment-item.ts';
import { GatewayError, type Problem } from '../problems.ts';
import {
  type Attempt,
  busy,
  type DeployParts,
  type DeployResult,
  type DeployTimes,
  deployed,
  failed,
} from './attempt.ts';
import { look } from './look.ts';
import { send } from './send.ts';
import type { Service } from './service.ts';
import { laterMs, leaseMarginMs } from './waits.ts';

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
    const why = 'Another attempt deploys now.';
    // A deployment usually ends long before its lease.
    const leaseMs = item.lease === undefined ? 0 : Math.min(item.lease + clockSkewMs - now, laterMs());
    if (times.pending === undefined) throw busy(why, leaseMs);
    if (item.deployed >= times.pending) throw new Covered(item);
    throw busy(why, Math.max(leaseMs, (item.retryAt ?? now) - now));
  }
  const attempt = { ...parts, service, times, ledger, owner, item };
  return item.openBy === owner ? send(attempt) : resume(attempt);
};

/**
 * Looks at an earlier deployment without a known end, and deploys if that does not run any more. If that has ended well, it
 * covers the pending deployments before it; a call is about what is configured now, so it deploys in any case.
 */
const resume = async (attempt: Attempt): Promise<DeployResult> => {
  const { clock, clockSkewMs, times, item } = attempt;
  const { openSince = 0, openCovers } = item;
  const waiting = (problem: Problem) =>
    failed(attempt, problem, { end: 'waiting', retryAt: clock.now() + laterMs(problem) });
  const looked = await look(attempt, openSince + clockSkewMs);
  if ('problem' in looked) return waiting(looked.problem);
  const { state, isSince } = looked;
  if (state.is === 'deploying') return waiting(busy('PingOne is still deploying.', laterMs()));
  if (isSince && openCovers !== undefined && times.pending !== undefined)
    return deployed(attempt, state, openCovers, openSince);
  return send(attempt);
};
