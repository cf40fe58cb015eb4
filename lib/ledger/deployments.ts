import * as z from 'zod/mini';
import { type DeploymentItem, deploymentItem } from './deployment-item.ts';
import { deploymentKey, openPendingDeployments, type PendingDeployments } from './pending-deployments.ts';
import { type Change, LedgerUnavailable, type Table } from './table.ts';

/** One attempt's right to deploy a service, until its lease ends. */
export interface DeploymentLease {
  /** A token that no other attempt has. */
  readonly owner: string;
  readonly until: number;
}

/** How an attempt ended; times in milliseconds since the epoch. */
export type DeploymentEnd =
  /** A deployment that covers the pending deployments up to number `covers`. `since`: when it began. */
  | { readonly end: 'deployed'; readonly covers: number; readonly deployedAt: number; readonly since: number }
  /** PingOne refused, or reported a failure. */
  | { readonly end: 'failed'; readonly code: string; readonly retryAt: number }
  /** Nothing was deployed. */
  | { readonly end: 'later'; readonly retryAt: number }
  /** The deployment that began at `since` may still run. */
  | { readonly end: 'open'; readonly covers: number; readonly since: number; readonly retryAt: number }
  /** An earlier deployment may still run: nothing new is known. */
  | { readonly end: 'waiting'; readonly retryAt: number };

/**
 * The deployments of an endpoint's services; a service is the path of its deployment. Each change is one write of one item.
 * PROTOCOL.md explains why late and repeated writes do no harm.
 * @throws LedgerUnavailable from every call
 */
export interface Deployments extends Pick<PendingDeployments, 'read'> {
  /** Takes the lease if it is free; with `pending` only if no deployment covers that number, and no wait is asked for. */
  lease(
    service: string,
    lease: DeploymentLease,
    now: number,
    pending?: number,
  ): Promise<{ readonly isOwner: boolean; readonly item: DeploymentItem }>;
  /** Records that no grant allows a pending deployment, unless a deployment covers it. */
  deny(service: string, pending: number, code: string): Promise<void>;
  /** Records an end and ends the lease; false if the lease is another attempt's. */
  end(service: string, owner: string, end: DeploymentEnd): Promise<boolean>;
}

export type DeploymentsBy = (deadline: number) => Deployments;

const lease = ['owner', 'lease'];
const free = '(attribute_not_exists(#lease) OR #lease < :over)';
const uncovered = '(attribute_not_exists(#deployed) OR #deployed < :pending)';
const due = '(attribute_not_exists(#retryAt) OR #retryAt <= :now)';
const open = ['openBy', 'openSince', 'openCovers'];

/** `clockSkewMs` bounds the difference between the clocks of two functions. */
export const openDeployments = (table: Table, endpointName: string, clockSkewMs: number): Deployments => {
  const keyOf = (service: string) => deploymentKey(endpointName, service);
  const changed = async (service: string, change: Change): Promise<boolean> =>
    (await table.change(keyOf(service), change)) !== undefined;

  return {
    read: openPendingDeployments(table, endpointName).read,

    lease: async (service, { owner, until }, now, pending) => {
      const item = await table.change(keyOf(service), {
        set: { owner, lease: until },
        initial: { openBy: owner, openSince: now },
        condition: pending === undefined ? free : `${free} AND ${uncovered} AND ${due}`,
        values: { over: now - clockSkewMs, now, pending },
      });
      if (item) return { isOwner: true, item: z.parse(deploymentItem, item) };
      const current = await table.read(keyOf(service));
      if (!current) throw new LedgerUnavailable('the item of a deployment was deleted between two calls');
      // With our own token the first write succeeded, and its answer was lost.
      return { isOwner: current.owner === owner, item: z.parse(deploymentItem, current) };
    },

    deny: async (service, pending, error) => {
      await changed(service, { set: { error }, add: { failures: 1 }, condition: uncovered, values: { pending } });
    },

    end: async (service, owner, ended) => {
      const end = (change: Change) => changed(service, { condition: '#owner = :owner', values: { owner }, ...change });
      switch (ended.end) {
        case 'deployed': {
          const { covers, deployedAt, since } = ended;
          const set = { deployed: covers, deployedAt, failures: 0 };
          const remove = [...lease, ...open, 'error', 'retryAt'];
          const condition = '#owner = :owner AND (attribute_not_exists(#wanted) OR #wanted = :covers)';
          return (
            (await end({ set, remove: [...remove, 'wantedAt'], condition, values: { owner, covers } })) ||
            // Another deployment became pending meanwhile.
            end({ set: { ...set, wantedAt: since }, remove })
          );
        }
        case 'failed': {
          const { code: error, retryAt } = ended;
          return end({ set: { error, retryAt }, add: { failures: 1 }, remove: [...lease, ...open] });
        }
        case 'later':
          return end({ set: { retryAt: ended.retryAt }, remove: [...lease, ...open] });
        case 'open': {
          const { covers: openCovers, since: openSince, retryAt } = ended;
          return end({ set: { openBy: owner, openSince, openCovers, retryAt }, remove: lease });
        }
        case 'waiting':
          return end({ set: { retryAt: ended.retryAt }, remove: lease });
      }
    },
  };
};
