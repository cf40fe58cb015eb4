import { describe, expect, it } from 'vitest';
import {
  ids,
  item,
  ledgerFails,
  nameKey,
  previousNameKey,
  requestIDOf,
  requestKey,
  resource,
  start,
  startScript,
} from './scripted.ts';

/** The right to send a create for a name, and the end of another request that holds it. */

const second = 1_000;
const minute = 60 * second;
const own = requestIDOf('k');
const key = 'k';

describe('a name', () => {
  it.each([
    ['sends', { state: 'sending', lease: start + 20 * second }, 30 * second],
    ['waits for nothing', { state: 'sending', lease: start - 60 * second }, undefined],
    ['is closed', { state: 'rejected' }, undefined],
    ['was accepted', { state: 'accepted' }, undefined],
  ])('of a request that %s', async (_, other, retryAfterMs) => {
    const { ask, items, sent } = startScript();
    items.set(requestKey('other'), item(other));
    items.set(nameKey, { holder: 'other', by: 'other' });
    const code = retryAfterMs === undefined ? 'created' : 'REQUEST_IN_PROGRESS';
    expect(await ask({ key })).toMatchObject({ code, ...(retryAfterMs && { facts: { retryAfterMs } }) });
    expect(sent.length).toBe(retryAfterMs === undefined ? 1 : 0);
  });

  it('of a request whose item is deleted is free', async () => {
    const { ask, items } = startScript();
    items.set(nameKey, { holder: 'gone', by: 'gone' });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
  });

  it.each([
    ['sends', { state: 'sending', lease: start + 20 * second }, 'REQUEST_IN_PROGRESS'],
    ['is closed', { state: 'rejected' }, 'created'],
  ])('of version 0.1 whose request %s', async (_, other, code) => {
    const { ask, items } = startScript();
    items.set(requestKey('other'), item(other));
    items.set(previousNameKey, { holder: 'other' });
    expect(await ask({ key })).toMatchObject({ code });
  });

  it('of version 0.1 that the same request holds belongs to that request', async () => {
    const { ask, items } = startScript();
    items.set(previousNameKey, { holder: own });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
  });

  it('is requested again if its holder ends meanwhile', async () => {
    const { ask, items, tables } = startScript({
      onTable: ({ kind, key: at }) => void (kind === 'read' && at === nameKey && items.set(nameKey, {})),
    });
    items.set(nameKey, { holder: 'other', by: 'other' });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(tables.filter(({ set }) => 'holder' in set)).toHaveLength(2);
  });

  it('is requested five times if another closed request holds it each time', async () => {
    const { ask, items, tables } = startScript({
      onTable: ({ set }) => void ('holder' in set && items.set(nameKey, { holder: 'closed', by: `b${tables.length}` })),
    });
    items.set(requestKey('closed'), item({ state: 'rejected' }));
    expect(await ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS', facts: { retryAfterMs: second } });
    expect(tables.filter(({ set }) => 'holder' in set)).toHaveLength(5);
  });

  it('stays with the attempt that took the request over', async () => {
    const hold = { holder: own, by: 'later' };
    const { ask, items, sent } = startScript({
      onTable: ({ set }) => {
        if (!('holder' in set)) return;
        items.set(requestKey(own), { ...items.get(requestKey(own)), owner: 'later' });
        items.set(nameKey, hold);
      },
    });
    expect(await ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS' });
    expect(items.get(nameKey)).toMatchObject(hold);
    expect(sent).toEqual([]);
  });

  const taken = (count: number, request = 'other') =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`taken t${index}`, request]));

  it('accepts a thousand resources', async () => {
    const { ask, items, sent } = startScript();
    items.set(nameKey, taken(1_000));
    expect(await ask({ key })).toMatchObject({ code: 'NAME_EXHAUSTED' });
    expect(sent).toEqual([]);
    items.set(nameKey, taken(999));
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    items.set(nameKey, { ...taken(1_000), 'taken own': requestIDOf('l') });
    expect(await ask({ key: 'l' })).toMatchObject({
      facts: { idempotencyKey: 'l' },
      message: expect.stringContaining('own'),
    });
  });
});

describe('another request whose attempt has died', () => {
  const open = { firstSent: start - 2 * minute, lastSent: start - 2 * minute, endedBy: start - 2 * minute };
  const holding = (other: Readonly<Record<string, unknown>>, script: Parameters<typeof startScript>[0] = {}) => {
    const system = startScript(script);
    system.items.set(requestKey('other'), item(other));
    system.items.set(nameKey, { holder: 'other', by: 'other' });
    return system;
  };
  const listed = (...rows: unknown[]) => ({ body: { _embedded: { connectorInstances: rows } } });

  it('is closed with the resource that the name assigns to it', async () => {
    const { ask, items, sent } = holding(open);
    items.set(nameKey, { holder: 'other', by: 'other', 'taken r0': 'other' });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'created', resource: 'r0' });
    expect(sent).toEqual(['create 0']);
  });

  it('is closed with the listed resource', async () => {
    const createdAt = new Date(start - 2 * minute).toISOString();
    const { ask, items } = holding(open, { lists: [listed(resource('r0', { createdAt }))] });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'created', resource: 'r0' });
    expect(items.get(nameKey)).toMatchObject({ 'taken r0': 'other' });
  });

  it('stays unknown if a third request gets the listed resource meanwhile', async () => {
    const createdAt = new Date(start - 2 * minute).toISOString();
    const { ask, items, lines } = holding(open, {
      lists: [listed(resource('r0', { createdAt }))],
      onTable: ({ set }) =>
        void (
          ('taken' in set || set.state === 'created') &&
          items.set(nameKey, { ...items.get(nameKey), 'taken r0': 'third' })
        ),
    });
    expect(await ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS' });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'unknown' });
    expect(lines[0]).toMatchObject({ alarm: 'RESOURCE_TAKEN', request: 'other' });
  });

  it("does not change the attempt's own open sends", async () => {
    const createdAt = new Date(start - 2 * minute).toISOString();
    const { ask, items, sent } = holding(open, { lists: [listed(resource('r0', { createdAt }))] });
    const graceMs = 15 * second;
    items.set(requestKey(own), item({ ...open, state: 'unknown', endedBy: start - 10 * second, graceMs }));
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(sent.at(-1)).toBe('create 15000');
  });

  it('is closed without a resource if none is listed', async () => {
    const { ask, items } = holding(open, { lists: [listed()] });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'rejected', codes: ['NOTHING_CREATED'] });
  });

  it('stays unknown if the list is not conclusive yet, and the answer has the wait', async () => {
    const sends = { firstSent: start, lastSent: start, endedBy: start, graceMs: 60 * second };
    const { ask, items } = holding({ ...sends, state: 'unknown' }, { lists: [listed(), listed(), listed()] });
    expect(await ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS', facts: { retryAfterMs: 67 * second } });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'unknown', graceMs: 60 * second });
  });

  it('stays unknown if an operator must settle it', async () => {
    const { ask, items } = holding(open, { lists: [listed({})] });
    expect(await ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS', facts: { retryAfterMs: 60 * second } });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'unknown' });
  });

  it('is left to itself if it is closed meanwhile', async () => {
    const system = holding(
      {},
      {
        onTable: ({ key: at, set }) =>
          void (
            at === requestKey('other') &&
            'owner' in set &&
            system.items.set(at, item({ state: 'created', resource: 'r0', lease: undefined, expires: 1e12 }))
          ),
      },
    );
    expect(await system.ask({ key })).toMatchObject({ code: 'REQUEST_IN_PROGRESS', facts: { retryAfterMs: second } });
  });

  it('is reported as LEDGER_UNAVAILABLE if the ledger fails', async () => {
    const onTable = ({ set }: { readonly set: object }) => ('problem' in set ? ledgerFails() : undefined);
    const { ask } = holding({}, { onTable });
    expect(await ask({ key })).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

describe('a request without a key', () => {
  const settled = (at: number, other: object | undefined, script = {}) => {
    const system = startScript(script);
    if (other) system.items.set(requestKey('other'), item({ state: 'created', resource: 'r0', key: 'x', ...other }));
    system.items.set(nameKey, { 'taken r0': `other ${at}` });
    system.resources.push(resource('r0'));
    return system;
  };

  it.each([
    ['of the same caller', start - 70 * second, {}, 'replayed'],
    ['of long ago', start - 70 * second - 1, {}, 'created'],
    ['of another caller', start, { caller: 'bob' }, 'created'],
    ['with another body', start, { fingerprint: 'f' }, 'created'],
    ['whose record is gone', start, undefined, 'created'],
  ])('gets the resource of a settled one %s: %s, %j, %s', async (_, at, other, code) => {
    expect(await settled(at, other).ask()).toMatchObject({ code });
  });

  it('that came before, and is tried again, gets the resource of one that was settled before it came', async () => {
    const { ask, items } = settled(start - 80 * second, {});
    const came = { state: 'accepted', key: 'arrival', createdAt: start - 20 * second };
    items.set(requestKey(requestIDOf('arrival')), item(came));
    expect(await ask()).toMatchObject({ code: 'replayed', outcome: { requestID: 'other' } });
  });

  it('creates a second resource if the window is off', async () => {
    const { ask } = settled(start, {}, { timings: { keylessReplay: 0 } });
    expect(await ask()).toMatchObject({ code: 'created' });
  });

  it('is settled with the time, unlike a request with a key', async () => {
    const { ask, items } = startScript();
    const made = await ask();
    await ask({ key });
    const requestID = 'outcome' in made ? made.outcome.requestID : '';
    expect(items.get(nameKey)).toEqual({
      pk: nameKey,
      'taken r1': `${requestID} ${start}`,
      'taken r2': own,
    });
    expect(items.get(requestKey(requestID))).toMatchObject({ key: 'arrival' });
    expect(items.get(requestKey(own))).not.toHaveProperty('key');
  });

  it('that has a key after all does not join', async () => {
    expect(await settled(start, {}).ask({ key })).toMatchObject({ code: 'created' });
  });

  it.each([
    ['of the same caller joins it', { lease: start - minute }, 'created', 'other'],
    ['that another attempt works at waits for it', { lease: start + 20 * second }, 'REQUEST_IN_PROGRESS', 'other'],
    ['of another caller does not', { lease: start - minute, caller: 'bob' }, 'created', undefined],
    ['with another body does not', { lease: start - minute, fingerprint: 'f' }, 'created', undefined],
  ])('that finds an open one %s', async (_, other, code, request) => {
    const { ask, items } = startScript();
    items.set(requestKey('other'), item({ key: 'x', ...other }));
    items.set(nameKey, { holder: 'other', by: 'other' });
    const answer = await ask();
    expect(answer.code).toBe(code);
    const id = 'outcome' in answer ? answer.outcome.requestID : answer.facts.requestID;
    expect(id === 'other').toBe(request === 'other');
  });

  it('that has open sends resolves them, even if an equal request was settled', async () => {
    const sends = {
      firstSent: start - minute,
      lastSent: start - minute,
      endedBy: start - minute,
      graceMs: 15 * second,
    };
    const { ask, items, sent } = settled(start, {});
    items.set(requestKey(requestIDOf('arrival')), item({ state: 'unknown', key: 'arrival', ...sends }));
    expect(await ask()).toMatchObject({ code: 'created', outcome: { requestID: requestIDOf('arrival') } });
    expect(sent).toEqual(['list 0', 'create 0']);
  });

  it('that is retried with its reported key creates its resource, even if an equal request was settled', async () => {
    const { ask, items } = settled(start, {});
    items.set(requestKey(own), item({ key }));
    expect(await ask({ key })).toMatchObject({ code: 'created', outcome: { requestID: own } });
  });

  it('that takes over a request with a key creates its resource, even if an equal request was settled', async () => {
    const { ask, items } = settled(start, {});
    items.set(requestKey('dead'), item());
    items.set(nameKey, { ...items.get(nameKey), holder: 'dead', by: 'other' });
    expect(await ask()).toMatchObject({ code: 'created', outcome: { requestID: 'dead' } });
  });

  it('that takes over a request with a recorded resource gets that resource', async () => {
    const { ask, items } = settled(start, { state: 'sending' });
    expect(await ask()).toMatchObject({ code: 'adopted', outcome: { requestID: 'other', id: 'r0' } });
    expect(items.get(requestKey('other'))).toMatchObject({ state: 'created', resource: 'r0' });
  });

  it('gets the key of the request that it joined', async () => {
    const { ask, items } = startScript({ creates: [{ status: 500 }] });
    items.set(requestKey('other'), item({ key: 'x' }));
    items.set(nameKey, { holder: 'other', by: 'other' });
    expect(await ask({ withinMs: 9 * second })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      facts: { idempotencyKey: 'x', requestID: 'other' },
    });
    expect(ids.name).toMatch(/^2-/);
  });
});
