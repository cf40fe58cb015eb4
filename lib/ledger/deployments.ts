import * as z from 'zod/mini';
import { type DeploymentItem, deploymentItem } from './deployment-item.ts';
import { type Change, LedgerUnavailable, type Table } from './table.ts';
import { deploymentKey, openWishes, type Wishes } from './wishes.ts';

/** One attempt's right to deploy a service, until its lease ends. */
export interface DeploymentLease {
  /** A token that no other attempt has. */
  readonly owner: string;
  readonly until: number;
}

/** How an attempt ended; times in milliseconds since the epoch. */
export type DeploymentEnd =
  /** A deployment that covers every wish up to `wish`. `since`: when it began. */
  | { readonly end: 'deployed'; readonly wish: number; readonly deployedAt: number; readonly since: number }
  /** PingOne refused, or reported a failure. */
  | { readonly end: 'failed'; readonly code: string; readonly retryAt: number }
  /** Nothing was deployed. */
  | { readonly end: 'later'; readonly retryAt: number }
  /** The deployment that began at `since` may still run. */
  | { readonly end: 'open'; readonly wish: number; readonly since: number; readonly retryAt: number }
  /** An earlier deployment may still run: nothing new is known. */
  | { readonly end: 'waiting'; readonly retryAt: number };

/**
 * The deployments of an endpoint's services; a service is the path of its deployment. Each change is one write of one item. PROTOCOL.md explains why late and repeated writes do no harm.
 * @throws LedgerUnavailable from every call
 */
export interface Deployments extends Pick<Wishes, 'read'> {
  /** Takes the lease if it is free; with `wish` only if no deployment covers that wish, and no wait is asked for. */
  lease(
    service: string,
    lease: DeploymentLease,
    now: number,
    wish?: number,
  ): Promise<{ readonly isMine: boolean; readonly item: DeploymentItem }>;
  /** Records that no grant allows the deployment for a wish, unless one covers it. */
  deny(service: string, wish: number, code: string): Promise<void>;
  /** Records an end and ends the lease; false if the lease is another attempt's. */
  end(service: string, owner: string, end: DeploymentEnd): Promise<boolean>;
}

export type DeploymentsBy = (deadline: number) => Deployments;

const lease = ['owner', 'lease'];
const free = '(attribute_not_exists(#lease) OR #lease < :over)';
const wanted =
  '(attribute_not_exists(#deployed) OR #deployed < :wish) AND (attribute_not_exists(#retryAt) OR #retryAt <= :now)';

const open = ['openBy', 'openSince', 'openWish'];

/** `clockSkewMs` bounds the difference between the clocks of two functions. */
export const openDeployments = (table: Table, endpointName: string, clockSkewMs: number): Deployments => {
  const keyOf = (service: string) => deploymentKey(endpointName, service);
  const changed = async (service: string, change: Change): Promise<boolean> =>
    (await table.change(keyOf(service), change)) !== undefined;

  return {
    read: openWishes(table, endpointName).read,

    lease: async (service, { owner, until }, now, wish) => {
      const item = await table.change(keyOf(service), {
        set: { owner, lease: until },
        initial: { openBy: owner, openSince: now },
        condition: wish === undefined ? free : `${free} AND ${wanted}`,
        values: { over: now - clockSkewMs, ...(wish !== undefined && { now, wish }) },
      });
      if (item) return { isMine: true, item: z.parse(deploymentItem, item) };
      const current = await table.read(keyOf(service));
      if (!current) throw new LedgerUnavailable('the item of a deployment was deleted between two calls');
      // With our own token the first write succeeded, and its answer was lost.
      return { isMine: current.owner === owner, item: z.parse(deploymentItem, current) };
    },

    deny: async (service, wish, error) => {
      const condition = 'attribute_not_exists(#deployed) OR #deployed < :wish';
      await changed(service, { set: { error }, add: { failures: 1 }, condition, values: { wish } });
    },

    end: async (service, owner, ended) => {
      const own = { condition: '#owner = :owner', values: { owner } };
      switch (ended.end) {
        case 'deployed': {
          const { wish, deployedAt, since } = ended;
          const set = { deployed: wish, deployedAt, failures: 0 };
          const remove = [...lease, ...open, 'error', 'retryAt'];
          return (
            (await changed(service, {
              set,
              remove: [...remove, 'wantedAt'],
              condition: '#owner = :owner AND (attribute_not_exists(#wanted) OR #wanted = :wish)',
              values: { owner, wish },
            })) ||
            // A wish came meanwhile.
            changed(service, { set: { ...set, wantedAt: since }, remove, ...own })
          );
        }
        case 'failed': {
          const { code: error, retryAt } = ended;
          return changed(service, {
            set: { error, retryAt },
            add: { failures: 1 },
            remove: [...lease, ...open],
            ...own,
          });
        }
        case 'later':
          return changed(service, { set: { retryAt: ended.retryAt }, remove: [...lease, ...open], ...own });
        case 'open': {
          const { wish, since, retryAt } = ended;
          const set = { openBy: owner, openSince: since, openWish: wish, retryAt };
          return changed(service, { set, remove: lease, ...own });
        }
        case 'waiting':
          return changed(service, { set: { retryAt: ended.retryAt }, remove: lease, ...own });
      }
    },
  };
};
