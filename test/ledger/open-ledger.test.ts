import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { LedgerUnavailable, type Table } from '../../lib/ledger/table.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { itemTable } from '../harness/dynamodb/item-table.ts';

/** Each conditional write against each state of its item. test/harness/dynamodb/condition.test.ts compares the table with dynalite. */

const now = 100_000;
const me = { id: 'r', owner: 'me', lease: 150_000 };
const arrival = { caller: 'c', fingerprint: 'f', name: 'n', parameters: {}, arrivalID: 'a', key: undefined };
const sends = { firstSent: 1_000, endedBy: 9_000, graceMs: 60_000 };
const rejection = { problem: 'PINGONE_REFUSED', status: 400, codes: ['X'] };
const expired = now / 1_000 - 1;

const requestItem = (changes: Item): Item => ({
  pk: 'e#request#r',
  ...arrival,
  key: 'k',
  state: 'sending',
  owner: 'me',
  lease: 150_000,
  createdAt: 0,
  updatedAt: 0,
  ...changes,
});

const openOn = (items: Readonly<Record<string, Item | undefined>>) => {
  const left = new Map(Object.entries(items));
  const reads: string[] = [];
  const plain = itemTable(left);
  const table: Table = {
    ...plain,
    read: (key) => {
      reads.push(key);
      return plain.read(key);
    },
  };
  return { ledger: openLedger(table, 'e', 10_000), left, reads };
};

/** The result of a write, and the item after it. */
const written = async <Result>(item: Item | undefined, write: (ledger: Ledger) => Promise<Result>) => {
  const { ledger, left } = openOn({ 'e#request#r': item });
  return { result: await write(ledger), after: left.get('e#request#r') };
};

describe('a claim', () => {
  it.each<[string, Item | undefined]>([
    ['a new request', undefined],
    ['one that was created long ago, whatever its body', { state: 'created', expires: expired, fingerprint: 'g' }],
    ['one that was rejected, whatever its body', { state: 'rejected', fingerprint: 'g' }],
    ['one that version 0.1 rejected for another arrival', { state: 'rejected', finalFor: 'b' }],
    ['one whose outcome is unknown', { state: 'unknown' }],
    ['one that was accepted', { state: 'accepted', expires: 1e9 }],
    ['one whose lease is over by any clock', { lease: 89_999, owner: 'other' }],
    ['one that this attempt has claimed already', {}],
  ])('succeeds on %s', async (_, item) => {
    const { ledger, left, reads } = openOn({ 'e#request#r': item && requestItem(item) });
    const result = await ledger.claim(me, arrival, now);
    const after = left.get('e#request#r');
    expect(result).toMatchObject({ isOwner: true, item: { state: 'sending', owner: 'me', lease: 150_000 } });
    expect(reads).toHaveLength(item && Object.keys(item).length === 0 ? 1 : 0);
    expect(after).not.toHaveProperty(item?.state === undefined ? 'none' : 'expires');
  });

  it.each<[string, Item]>([
    ['was created', { state: 'created', expires: now / 1_000 }],
    ['was created, with a lease that is left', { state: 'created', expires: 1e9, lease: 0 }],
    ['version 0.1 rejected for this arrival', { state: 'rejected', finalFor: 'a' }],
    ['is open with another body', { state: 'unknown', fingerprint: 'g' }],
    ['is open with another body and an old date', { state: 'unknown', fingerprint: 'g', expires: expired }],
    ['was accepted with another body', { state: 'accepted', fingerprint: 'g' }],
    ['another attempt works at', { lease: 90_000 }],
    ['another attempt worked at with another body', { lease: 0, fingerprint: 'g' }],
  ])('does not change an item that %s', async (_, changes) => {
    const item = requestItem({ owner: 'other', ...changes });
    const { result, after } = await written(item, (ledger) => ledger.claim(me, arrival, now));
    expect(result).toMatchObject({ isOwner: false, final: undefined, item: { owner: 'other' } });
    expect(after).toEqual(item);
  });

  it.each(['rejected', 'created', 'unknown'])(
    "does not change a %s item that has the arrival's final answer",
    async (state) => {
      const item = requestItem({ state, expires: expired, owner: 'other', 'final a': rejection });
      const { result } = await written(item, (ledger) => ledger.claim(me, arrival, now));
      expect(result).toMatchObject({ isOwner: false, final: rejection });
    },
  );

  it.each<[string, Item | undefined, boolean]>([
    ['a new request', undefined, true],
    ['a rejected request', { state: 'rejected' }, true],
    ['an accepted request', { state: 'accepted', expires: 1e9 }, true],
    ['a request whose attempt died before it recorded a send', { lease: 89_999, owner: 'other' }, true],
    ['its own request, claimed already', { firstSent: now, lastSent: now, timeoutMs: 8_000 }, true],
    ['a request with an unknown outcome', { state: 'unknown', ...sends, lastSent: now }, false],
    ['one that version 0.1 left unknown', { state: 'unknown', firstSent: 1, lastSent: now, settleMs: 5 }, false],
    ['one whose attempt died after a send', { lease: 0, owner: 'other', firstSent: 1, lastSent: 1 }, false],
  ])('records the send of %s only if no earlier one is open', async (_, item, isSendRecorded) => {
    const before = item && requestItem(item);
    const { result, after } = await written(before, (ledger) => ledger.claim(me, arrival, now, 8_000));
    expect(result).toMatchObject({ isOwner: true, isSendRecorded });
    const recorded = { firstSent: now, lastSent: now, timeoutMs: 8_000 };
    expect(after).toMatchObject(
      isSendRecorded ? recorded : { firstSent: item?.firstSent ?? sends.firstSent, lastSent: item?.lastSent },
    );
    const without = await written(before, (ledger) => ledger.claim(me, arrival, now));
    expect(without.result).toMatchObject({ isOwner: true, isSendRecorded: false });
    expect(without.after?.lastSent).toBe(item?.lastSent);
  });

  it('throws if the item is deleted before it is read', async () => {
    const table: Table = { read: async () => undefined, change: async () => undefined };
    await expect(openLedger(table, 'e', 0).claim(me, arrival, now)).rejects.toThrow(LedgerUnavailable);
  });
});

describe('acceptance', () => {
  it.each<[string, Item | undefined]>([
    ['a new request', undefined],
    ['one that was rejected', { state: 'rejected' }],
    ['one that was created long ago', { state: 'created', expires: expired }],
  ])('succeeds on %s', async (_, item) => {
    const { ledger, reads } = openOn({ 'e#request#r': item && requestItem(item) });
    expect(await ledger.accept('r', arrival, now)).toMatchObject({
      state: 'accepted',
      updatedAt: now,
      expires: 3_024_100,
    });
    expect(reads).toEqual([]);
  });

  it.each<[Item]>([
    [{ state: 'created', expires: now / 1_000 }],
    [{ state: 'unknown', expires: expired }],
    [{ state: 'sending' }],
    [{ state: 'accepted' }],
    [{ state: 'rejected', 'final a': rejection }],
    [{ state: 'created', expires: expired, 'final a': rejection }],
  ])('does not change %j', async (changes) => {
    const item = requestItem(changes);
    const { result, after } = await written(item, (ledger) => ledger.accept('r', arrival, now));
    expect(result.state).toBe(changes.state);
    expect(after).toEqual(item);
  });
});

describe('a denial', () => {
  it('records a new request as rejected, which is the final answer to its arrival', async () => {
    const { after } = await written(undefined, (ledger) => ledger.deny('r', arrival, rejection, now));
    expect(after).toMatchObject({ state: 'rejected', ...rejection, 'final a': rejection, createdAt: now });
    const { result } = await written(after, (ledger) => ledger.claim(me, arrival, now));
    expect(result).toMatchObject({ isOwner: false, final: rejection });
  });

  it.each(['accepted', 'sending', 'created', 'rejected', 'unknown'])(
    'does not change a request that is %s',
    async (state) => {
      const item = requestItem({ state });
      const { after } = await written(item, (ledger) => ledger.deny('r', arrival, rejection, now));
      expect(after).toEqual(item);
    },
  );
});

describe('a request that is kept for longer', () => {
  const keepUntil = 9_999_999_999;
  const kept = { ...arrival, keepUntil };

  it.each<[string, (ledger: Ledger) => Promise<unknown>]>([
    ['rejected', (ledger) => ledger.rejected(me, rejection, now)],
    ['rejected for good', (ledger) => ledger.rejected(me, rejection, now, 'a')],
    ['closed', (ledger) => ledger.close(me, 'x', now)],
    ['created', (ledger) => ledger.created(me, 'x', now)],
  ])('expires late once it is %s', async (_, write) => {
    const { ledger, left } = openOn({});
    await ledger.accept('r', kept, now);
    expect(left.get('e#request#r')?.expires).toBe(keepUntil);
    await ledger.claim(me, { ...arrival, arrivalID: 'b' }, now);
    expect(left.get('e#request#r')?.expires).toBeUndefined();
    await write(ledger);
    expect(left.get('e#request#r')?.expires).toBe(keepUntil);
  });

  it('expires late if another arrival is accepted after its rejection', async () => {
    const item = requestItem({ state: 'rejected', keepUntil, expires: keepUntil });
    const { after } = await written(item, (ledger) => ledger.accept('r', { ...arrival, arrivalID: 'b' }, now));
    expect(after).toMatchObject({ state: 'accepted', expires: keepUntil });
  });

  it('expires late if it was denied, too', async () => {
    const { after } = await written(undefined, (ledger) => ledger.deny('r', kept, rejection, now));
    expect(after?.expires).toBe(keepUntil);
  });
});

describe('a close', () => {
  it.each([7, undefined])('has the number of the pending deployment, if there is one: %s', async (number) => {
    const { after } = await written(requestItem({}), (ledger) => ledger.close(me, 'x', now, number));
    expect(after).toMatchObject({ state: 'created', resource: 'x' });
    expect(after?.deploymentNumber).toBe(number);
    expect(Object.keys(after ?? {}).includes('deploymentNumber')).toBe(number !== undefined);
  });
});

describe('a write of the attempt at a request', () => {
  it.each<[string, (ledger: Ledger) => Promise<boolean>, Item | undefined, boolean]>([
    ['renews its own', (ledger) => ledger.renew(me, sends, now), {}, true],
    ['renews after an earlier send', (ledger) => ledger.renew(me, sends, now), { lastSent: now }, true],
    ['never renews what was renewed later', (ledger) => ledger.renew(me, sends, now), { lastSent: now + 1 }, false],
    ["never renews another's", (ledger) => ledger.renew(me, sends, now), { owner: 'other' }, false],
    ['never renews what is not sending', (ledger) => ledger.renew(me, sends, now), { state: 'unknown' }, false],
    ['leaves its own open', (ledger) => ledger.unknown(me, sends, now), {}, true],
    ['leaves it open again', (ledger) => ledger.unknown(me, sends, now), { state: 'unknown' }, true],
    ["leaves no other's open", (ledger) => ledger.unknown(me, sends, now), { owner: 'other' }, false],
    ['opens nothing that was created', (ledger) => ledger.unknown(me, sends, now), { state: 'created' }, false],
    ['opens nothing that was rejected', (ledger) => ledger.unknown(me, sends, now), { state: 'rejected' }, false],
    ['rejects its own', (ledger) => ledger.rejected(me, rejection, now), {}, true],
    ["rejects no other's", (ledger) => ledger.rejected(me, rejection, now), { owner: 'other' }, false],
    ['closes its own at once', (ledger) => ledger.close(me, 'x', now), {}, true],
    ["closes no other's at once", (ledger) => ledger.close(me, 'x', now), { owner: 'other' }, false],
    ['closes nothing unknown at once', (ledger) => ledger.close(me, 'x', now), { state: 'unknown' }, false],
    ['closes nothing rejected at once', (ledger) => ledger.close(me, 'x', now), { state: 'rejected' }, false],
    [
      'reopens what it closed with a resource',
      (ledger) => ledger.reopen(me, 'x', sends, now),
      { state: 'created', resource: 'x' },
      true,
    ],
    [
      'reopens nothing with another resource',
      (ledger) => ledger.reopen(me, 'x', sends, now),
      { state: 'created', resource: 'y' },
      false,
    ],
    [
      'reopens nothing that another attempt closed',
      (ledger) => ledger.reopen(me, 'x', sends, now),
      { state: 'created', resource: 'x', owner: 'other' },
      false,
    ],
    [
      'reopens nothing that is open',
      (ledger) => ledger.reopen(me, 'x', sends, now),
      { state: 'unknown', resource: 'x' },
      false,
    ],
    ['closes its own', (ledger) => ledger.created(me, 'x', now), {}, true],
    ['closes it again', (ledger) => ledger.created(me, 'x', now), { state: 'created', resource: 'x' }, true],
    ["closes another's that waits", (ledger) => ledger.created(me, 'x', now), { owner: 'o', state: 'unknown' }, true],
    [
      "closes another's that was rejected",
      (ledger) => ledger.created(me, 'x', now),
      { owner: 'o', state: 'rejected' },
      true,
    ],
    ["leaves another's that sends", (ledger) => ledger.created(me, 'x', now), { owner: 'o' }, false],
    [
      "leaves another's with another resource",
      (ledger) => ledger.created(me, 'x', now),
      { owner: 'o', state: 'created', resource: 'y' },
      false,
    ],
    [
      "repeats another's with the same resource",
      (ledger) => ledger.created(me, 'x', now),
      { owner: 'o', state: 'created', resource: 'x' },
      true,
    ],
    ['closes nothing that is not there', (ledger) => ledger.created(me, 'x', now), undefined, false],
    [
      'answers for good while it is another body',
      (ledger) => ledger.answerFinally('r', { ...arrival, fingerprint: 'g' }, rejection),
      {},
      true,
    ],
    [
      'answers nothing for good while it is its body',
      (ledger) => ledger.answerFinally('r', arrival, rejection),
      {},
      false,
    ],
    [
      'answers once for good',
      (ledger) => ledger.answerFinally('r', { ...arrival, fingerprint: 'g' }, rejection),
      { 'final a': { ...rejection, status: 422 } },
      false,
    ],
    ['answers nothing that is not there', (ledger) => ledger.answerFinally('r', arrival, rejection), undefined, false],
  ])('%s', async (_, write, item, result) => {
    const before = item && requestItem(item);
    const done = await written(before, write);
    expect(done.result).toBe(result);
    if (!result) expect(done.after).toEqual(before);
  });

  it('stores a final answer by its arrival', async () => {
    const { ledger, left } = openOn({ 'e#request#r': requestItem({ 'final b': 'odd' }) });
    await ledger.rejected(me, rejection, now, 'a');
    expect(left.get('e#request#r')).toMatchObject({ state: 'rejected', 'final a': rejection });
    expect(await Promise.all(['a', 'b', 'c'].map((one) => ledger.finalAnswer('r', one)))).toEqual([
      rejection,
      undefined,
      undefined,
    ]);
    const other = await written(requestItem({}), (ledger) => ledger.rejected(me, rejection, now));
    expect(Object.keys(other.after ?? {}).filter((name) => name.includes('final'))).toEqual([]);
  });

  it('reads the known members of an item', async () => {
    expect(await openOn({}).ledger.read('r')).toBeUndefined();
    const { ledger } = openOn({ 'e#request#r': requestItem({ odd: 1 }) });
    expect(await ledger.read('r')).not.toHaveProperty('odd');
    expect(await ledger.finalAnswer('none', 'a')).toBeUndefined();
  });
});

describe('a name', () => {
  it.each<[Item, string | undefined, string, number]>([
    [{}, undefined, 'me', 0],
    [{ holder: 'r', by: 'me' }, undefined, 'me', 0],
    [{ holder: 'o', by: 'other' }, 'other', 'me', 0],
    [{ holder: 'o', by: 'other' }, undefined, 'other', 1],
    [{ holder: 'o', by: 'other' }, 'before', 'other', 1],
    [{ holder: 'o' }, undefined, undefined as never, 1],
  ])('%j is held, instead of %s, by %s', async (item, instead, by, reads) => {
    const { ledger, reads: all } = openOn({ 'e#name#n': item });
    expect((await ledger.hold('n', me, instead)).by).toBe(by);
    expect(all).toHaveLength(reads);
  });

  it.each<[Item, Item | undefined]>([
    [{ holder: 'r', by: 'me' }, { 'taken x': 'r 5' }],
    [
      { holder: 'o', by: 'other' },
      { holder: 'o', by: 'other', 'taken x': 'r 5' },
    ],
    [{ 'taken x': 'r' }, { 'taken x': 'r 5' }],
    [{ holder: 'r', by: 'me', 'taken x': 'o' }, undefined],
    [{ 'taken x': 'o 3' }, undefined],
  ])('%j becomes %j when a resource is assigned', async (item, after) => {
    const { ledger, left } = openOn({ 'e#name#n': { pk: 'e#name#n', ...item } });
    const assigned = await ledger.assign('n', me, 'x', 5);
    expect(assigned && Object.fromEntries(assigned)).toEqual(after && { x: 'r' });
    expect(left.get('e#name#n')).toEqual({ pk: 'e#name#n', ...(after ?? item) });
  });

  it('has no date for the resource of a request with a key', async () => {
    const { ledger, left } = openOn({ 'e#name#n': {} });
    await ledger.assign('n', me, 'x');
    expect(left.get('e#name#n')).toMatchObject({ 'taken x': 'r' });
  });

  it.each<[Item, Item]>([
    [{ holder: 'r', by: 'me' }, {}],
    [
      { holder: 'r', by: 'later' },
      { holder: 'r', by: 'later' },
    ],
  ])('%j becomes %j when it is released', async (item, after) => {
    const { ledger, left } = openOn({ 'e#name#n': item });
    await ledger.release('n', me);
    expect(left.get('e#name#n')).toMatchObject(after);
    expect(left.get('e#name#n')?.by).toBe(after.by);
  });

  it('lists its resources, with a date for requests without a key', async () => {
    const item = { 'taken x': 'one', 'taken y': 'two 5', 'taken z': 7, other: 'three' };
    const { assigned, keyless } = await openOn({ 'e#name#n': item }).ledger.readName('n');
    expect([...assigned]).toEqual([
      ['x', 'one'],
      ['y', 'two'],
    ]);
    expect([...keyless]).toEqual([['two', 5]]);
  });
});
