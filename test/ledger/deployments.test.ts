import { describe, expect, it } from 'vitest';
import { type DeploymentEnd, type Deployments, openDeployments } from '../../lib/ledger/deployments.ts';
import { deploymentKey } from '../../lib/ledger/pending-deployments.ts';
import { LedgerUnavailable, type Table } from '../../lib/ledger/table.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { itemTable } from '../harness/dynamodb/item-table.ts';

/** Each conditional write against each state of its item. */

const now = 100_000;
const key = deploymentKey('e', 's');
const ownLease = { owner: 'me', until: 160_000 };
const ends: readonly DeploymentEnd[] = [
  { end: 'deployed', covers: 2, deployedAt: 5, since: 1 },
  { end: 'failed', code: 'X', retryAt: 7 },
  { end: 'later', retryAt: 7 },
  { end: 'open', covers: 2, since: 1, retryAt: 7 },
  { end: 'waiting', retryAt: 7 },
];

/** The result of a write, the item after it, and how often the item was read. */
const written = async <Result>(item: Item | undefined, write: (deployments: Deployments) => Promise<Result>) => {
  const items = new Map([[key, item]]);
  let reads = 0;
  const plain = itemTable(items);
  const table: Table = {
    ...plain,
    read: (at) => {
      reads++;
      return plain.read(at);
    },
  };
  const result = await write(openDeployments(table, 'e', 10_000));
  return { result, after: items.get(key), reads };
};

describe('the lease of a deployment', () => {
  it.each<[string, Item | undefined]>([
    ['a new service', undefined],
    ['one whose lease is over by every clock', { owner: 'other', lease: 89_999 }],
    ['one that this attempt has leased already', { owner: 'me', lease: 160_000 }],
    ['one with a pending deployment that nothing covers', { wanted: 2, deployed: 1 }],
    ['one whose wait is over', { wanted: 2, retryAt: now }],
  ])('is taken of %s', async (_, item) => {
    const { result, after, reads } = await written(item, (own) => own.lease('s', ownLease, now, 2));
    expect(result.isOwner).toBe(true);
    // Only a lost answer needs one.
    expect(reads).toBe(item?.owner === 'me' ? 1 : 0);
    expect(after).toMatchObject({ owner: 'me', lease: 160_000 });
  });

  it('is unavailable if its item is deleted meanwhile', async () => {
    const gone: Table = { read: async () => undefined, change: async () => undefined };
    const leased = openDeployments(gone, 'e', 10_000).lease('s', ownLease, now);
    await expect(leased).rejects.toThrow(LedgerUnavailable);
  });

  it.each<[string, Item]>([
    ['that another attempt has', { owner: 'other', lease: 90_001 }],
    ['whose pending deployment is covered', { wanted: 3, deployed: 2 }],
    ['that waits', { wanted: 2, retryAt: now + 1 }],
  ])('is not taken of a service %s', async (_, item) => {
    const { result, after } = await written(item, (own) => own.lease('s', ownLease, now, 2));
    expect(result.isOwner).toBe(false);
    expect(after).toEqual(item);
  });

  it('is taken by a call, even if pending deployments are covered or wait', async () => {
    const { result } = await written({ wanted: 3, deployed: 3, retryAt: now + 1 }, (own) =>
      own.lease('s', ownLease, now),
    );
    expect(result.isOwner).toBe(true);
  });

  it('keeps the note of an earlier deployment without a known end', async () => {
    const item = { owner: 'other', lease: 1, openBy: 'other', openSince: 1, openCovers: 1 };
    const { result } = await written(item, (own) => own.lease('s', ownLease, now, 2));
    expect(result.item).toMatchObject({ owner: 'me', openBy: 'other', openSince: 1, openCovers: 1 });
  });
});

describe('the item of a service', () => {
  it('is read without members of other versions, and counts nothing at first', async () => {
    const known = await written({ wanted: 2, deployed: 1, later: 'x' }, (own) => own.read('s'));
    expect(known.result).toMatchObject({ wanted: 2, deployed: 1 });
    expect(known.result).not.toHaveProperty('later');
    const first = await written(undefined, (own) => own.read('s'));
    expect(first.result).toEqual({ wanted: 0, deployed: 0, failures: 0 });
  });
});

describe('a denial', () => {
  it.each([
    [1, 1],
    [2, undefined],
  ])('of a pending deployment is recorded, unless it is covered up to %i', async (deployed, failures) => {
    const { after } = await written({ wanted: 2, deployed }, (own) => own.deny('s', 2, 'ACCESS_FAILED'));
    expect(after?.failures).toBe(failures);
    expect(after?.error).toBe(failures && 'ACCESS_FAILED');
  });
});

describe('the end of a deployment', () => {
  it.each([2, undefined])('that covers all of %s leaves nothing pending', async (wanted) => {
    const item = { owner: 'me', lease: 160_000, ...(wanted !== undefined && { wanted }), wantedAt: 1, error: 'X' };
    const { after } = await written(item, (own) => own.end('s', 'me', ends[0] ?? expect.fail()));
    expect(after).toMatchObject({ deployed: 2, failures: 0 });
    for (const member of ['wantedAt', 'error', 'retryAt']) expect(after).not.toHaveProperty(member);
  });

  it.each(ends)('$end ends the lease of its own attempt', async (end) => {
    const item = { owner: 'me', lease: 160_000, openBy: 'me', openSince: 1, wanted: 2, wantedAt: 1 };
    const { result, after } = await written(item, (own) => own.end('s', 'me', end));
    expect(result).toBe(true);
    expect(after).not.toHaveProperty('owner');
    expect(after).not.toHaveProperty('lease');
    const isOpen = end.end === 'open' || end.end === 'waiting';
    expect(after?.openBy).toBe(isOpen ? 'me' : undefined);
  });

  it.each(ends)('$end changes nothing for an attempt that was taken over', async (end) => {
    const item = { owner: 'other', lease: 160_000, openBy: 'other', openSince: 1, wanted: 2, deployed: 1 };
    const { result, after } = await written(item, (own) => own.end('s', 'me', end));
    expect(result).toBe(false);
    expect(after).toEqual(item);
  });

  it('still waits for a pending deployment that came meanwhile', async () => {
    const item = { owner: 'me', lease: 160_000, wanted: 3, wantedAt: 1 };
    const { after } = await written(item, (own) =>
      own.end('s', 'me', { end: 'deployed', covers: 2, deployedAt: 5, since: 50 }),
    );
    expect(after).toMatchObject({ wanted: 3, deployed: 2, wantedAt: 50, deployedAt: 5 });
  });
});
