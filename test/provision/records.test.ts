import { describe, expect, it } from 'vitest';
import { Problem } from '../../lib/problems.ts';
import { rejectionBy } from '../../lib/provision/record.ts';
import { applyChange } from '../harness/dynamodb/apply-change.ts';
import { item, ledgerFails, nameKey, requestIDOf, requestKey, resource, start, startScript } from './scripted.ts';

/** The records of an attempt, and their effect on later ones. */

const second = 1_000;
const key = 'k';
const own = requestIDOf(key);
const refusal = { status: 400, body: { id: '0', code: 'INVALID_DATA', message: 'No.' } };
const listed = (...rows: unknown[]) => ({ body: { _embedded: { connectorInstances: rows } } });

describe('a refusal', () => {
  it('is recorded with its codes, and ends the hold', async () => {
    const { ask, items, lines } = startScript({ creates: [refusal] });
    expect(await ask({ key })).toMatchObject({ code: 'PINGONE_REFUSED', status: 400 });
    expect(items.get(requestKey(own))).toMatchObject({
      state: 'rejected',
      problem: 'PINGONE_REFUSED',
      codes: ['INVALID_DATA'],
    });
    expect(Object.keys(items.get(requestKey(own)) ?? {}).filter((name) => name.startsWith('final'))).toEqual([]);
    expect(items.get(nameKey)).toEqual({ pk: nameKey });
    expect(lines).toHaveLength(1);
  });

  it("is recorded with PingOne's code, or the gateway's own", () => {
    const upstream = { code: 'INVALID_DATA', message: 'No.' };
    expect(rejectionBy(new Problem('PINGONE_REFUSED', 'No.', { status: 400, upstream })).codes).toEqual([
      'INVALID_DATA',
    ]);
    expect(rejectionBy(new Problem('REQUEST_LIMITED', 'Wait.')).codes).toEqual(['REQUEST_LIMITED']);
  });

  it('of a message is final for it, unless a retry may succeed', async () => {
    const { ask, items, sent } = startScript({ creates: [refusal, { status: 401 }, { status: 401 }] });
    await ask({ key, redelivered: true });
    expect(items.get(requestKey(own))).toHaveProperty('final arrival');
    expect(await ask({ key, redelivered: true })).toMatchObject({
      code: 'PINGONE_REFUSED',
      status: 400,
      facts: { upstream: { code: 'INVALID_DATA' } },
    });
    await ask({ key: 'l', redelivered: true });
    expect(items.get(requestKey(requestIDOf('l')))).not.toHaveProperty('final arrival');
    expect(sent).toHaveLength(3);
  });

  it('that cannot be recorded is not reported', async () => {
    const onTable = ({ set }: { readonly set: object }) => ('problem' in set ? ledgerFails() : undefined);
    const { ask } = startScript({ creates: [refusal], onTable });
    expect(await ask({ key })).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it('of an overtaken attempt is not reported, and releases no hold', async () => {
    const { ask, items, tables } = startScript({
      creates: [refusal],
      onTable: ({ set }) =>
        void ('problem' in set && items.set(requestKey(own), { ...items.get(requestKey(own)), owner: 'later' })),
    });
    expect(await ask({ key })).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(tables.at(-1)?.set).toHaveProperty('problem');
  });

  it('that a retry may change is reported, recorded or not', async () => {
    const onTable = ({ set }: { readonly set: object }) => ('problem' in set ? ledgerFails() : undefined);
    const { ask } = startScript({ creates: [{ status: 401 }, { status: 401 }], onTable });
    expect(await ask({ key })).toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
  });
});

describe('a resource', () => {
  it.each([
    { failures: 2, isAssigned: true },
    { failures: 3, isAssigned: false },
  ])('is recorded on its name in three tries: $failures failures, $isAssigned', async ({ failures, isAssigned }) => {
    let left = failures;
    const { ask, attemptLine, items } = startScript({
      onTable: ({ set }) => void ('taken' in set && left-- > 0 && ledgerFails()),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect('taken r1' in (items.get(nameKey) ?? {})).toBe(isAssigned);
    // A half of 400 and of 800 ms.
    expect(attemptLine()).toMatchObject({ ms: 600 });
  });

  it('that only its request item has is returned, and is assigned by the next request for the name', async () => {
    let left = 3;
    const { ask, items, lines } = startScript({
      onTable: ({ set }) => void ('taken' in set && left-- > 0 && ledgerFails()),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created', outcome: { id: 'r1' } });
    expect(lines[0]).toMatchObject({ level: 'warn', left: 'name item not written' });
    expect(await ask({ key: 'other' })).toMatchObject({ code: 'created', outcome: { id: 'r2' } });
    expect(items.get(nameKey)).toMatchObject({ 'taken r1': own });
  });

  it('of a request without a key is assigned by the next request with the time of its record', async () => {
    let left = 3;
    const { ask, items, pass } = startScript({
      onTable: ({ set }) => void ('taken' in set && left-- > 0 && ledgerFails()),
    });
    const made = await ask();
    const requestID = 'outcome' in made ? made.outcome.requestID : '';
    const recordedAt = Number(items.get(requestKey(requestID))?.updatedAt);
    await pass(second);
    await ask({ key });
    expect(items.get(nameKey)).toMatchObject({ 'taken r1': `${requestID} ${recordedAt}`, 'taken r2': own });
  });

  it('is returned if its request cannot be closed', async () => {
    const { ask, lines } = startScript({
      onTable: ({ set }) => (set.state === 'created' ? ledgerFails() : undefined),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(lines).toMatchObject([{ level: 'warn', left: 'request item not closed' }, { attempt: {} }]);
    expect(lines[1]?.attempt).not.toHaveProperty('unknown');
  });

  it('is returned if another attempt is at its request', async () => {
    const { ask, items, lines } = startScript({
      onTable: ({ set }) =>
        void (set.state === 'created' && items.set(requestKey(own), { ...items.get(requestKey(own)), owner: 'later' })),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(lines).toMatchObject([{ level: 'info', left: 'request item not closed' }, {}]);
  });

  it('that is a second one raises an alarm', async () => {
    const { ask, items, lines } = startScript({
      onTable: ({ set }) => void ('taken' in set && items.set(nameKey, { ...items.get(nameKey), 'taken r0': own })),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(lines[0]).toMatchObject({ level: 'error', alarm: 'SECOND_RESOURCE', request: own, resources: ['r0', 'r1'] });
  });

  it('that another request has raises an alarm, and is not returned', async () => {
    const { ask, items, lines } = startScript({
      onTable: ({ set }) => void ('taken' in set && items.set(nameKey, { ...items.get(nameKey), 'taken r1': 'other' })),
    });
    expect(await ask({ key })).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(lines[0]).toMatchObject({ level: 'error', alarm: 'RESOURCE_TAKEN', request: own, resource: 'r1' });
    expect(items.get(requestKey(own))).toMatchObject({ state: 'unknown' });
    expect(items.get(requestKey(own))).not.toHaveProperty('resource');
  });

  it('that another request has is not returned by a retry, even if the answer to the close was lost', async () => {
    const { ask, items } = startScript({
      onTable: ({ set, key: at, change }) => {
        if ('taken' in set) items.set(nameKey, { ...items.get(nameKey), 'taken r1': 'other' });
        if (set.state !== 'created' || !change) return;
        items.set(at, { ...applyChange(at, items.get(at), change) });
        ledgerFails();
      },
    });
    expect(await ask({ key })).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(items.get(requestKey(own))).toMatchObject({ state: 'unknown' });
    expect(items.get(requestKey(own))).not.toHaveProperty('resource');
  });

  it("raises no alarm for other requests' resources of its name", async () => {
    const { ask, items, lines } = startScript();
    items.set(nameKey, { 'taken r0': 'other' });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(lines).toEqual([{ level: 'info', attempt: expect.anything() }]);
  });

  it('whose request is closed in the second try leaves no warning', async () => {
    let left = 1;
    const { ask, items, lines } = startScript({
      onTable: ({ set }) => void (set.state === 'created' && left-- > 0 && ledgerFails()),
    });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(items.get(requestKey(own))).toMatchObject({ state: 'created', resource: 'r1' });
    expect(lines).toEqual([{ level: 'info', attempt: expect.anything() }]);
  });
});

describe('an attempt after an attempt that died', () => {
  const died = { firstSent: start - 120 * second, lastSent: start - 120 * second, endedBy: start - 120 * second };
  const retrying = (changes: object, script: Parameters<typeof startScript>[0] = {}) => {
    const system = startScript(script);
    system.items.set(requestKey(own), item({ ...died, ...changes }));
    return system;
  };
  const old = (changes: object = {}) =>
    resource('r0', { createdAt: new Date(start - 120 * second).toISOString(), ...changes });

  it('logs that it took over', async () => {
    const { ask, attemptLine, sent } = retrying({});
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(attemptLine()).toMatchObject({ tookOver: true });
    expect(sent).toEqual(['list 0', 'create 0']);
  });

  it('logs a list lag of 0 if the send may not have ended', async () => {
    const system = retrying({ endedBy: start + second }, { lists: [listed(old())] });
    system.resources.push(old());
    expect(await system.ask({ key })).toMatchObject({ code: 'adopted' });
    expect(system.attemptLine()).toMatchObject({ listLagMs: 0 });
  });

  it('logs that it resolved an unknown outcome', async () => {
    const { ask, attemptLine } = retrying({ graceMs: 15 * second, state: 'unknown' });
    expect(await ask({ key })).toMatchObject({ code: 'created' });
    expect(attemptLine()).toMatchObject({ unknown: 'closed' });
  });

  it.each([
    { createdMs: -190 * second, code: 'adopted' },
    { createdMs: -190 * second - 1, code: 'created' },
  ])('adopts a resource that PingOne dates at $createdMs ms: $code', async ({ createdMs, code }) => {
    const row = old({ createdAt: new Date(start + createdMs).toISOString() });
    const system = retrying({}, { lists: [listed(row)] });
    system.resources.push(row);
    expect(await system.ask({ key })).toMatchObject({ code });
  });

  it('leaves the outcome unknown if the found resource cannot be recorded', async () => {
    const onTable = ({ set }: { readonly set: object }) =>
      'taken' in set || 'resource' in set ? ledgerFails() : undefined;
    const { ask } = retrying({}, { lists: [listed(old())], onTable });
    expect(await ask({ key })).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  it.each([
    { afterMs: 31 * second, code: 'REQUEST_IN_PROGRESS' },
    { afterMs: 31 * second - 1, code: 'adopted' },
  ])('adopts nothing once its lease is over: $afterMs ms, $code', async ({ afterMs, code }) => {
    const system = retrying({}, { lists: [{ ...listed(old()), afterMs }] });
    system.resources.push(old());
    expect(await system.ask({ key })).toMatchObject({ code });
  });

  it('reports a denial once no resource can exist', async () => {
    const denied = new Problem('ACCESS_FAILED', 'No.');
    const first = startScript();
    expect(await first.ask({ key, denied })).toMatchObject({ code: 'ACCESS_FAILED' });
    expect(first.tables[0]?.change?.initial).not.toHaveProperty('lastSent');
    const { ask, sent } = retrying({});
    expect(await ask({ key, denied })).toMatchObject({ code: 'ACCESS_FAILED' });
    expect(sent).toEqual(['list 0']);
    const waiting = retrying({ endedBy: start - 40 * second, graceMs: 15 * second, state: 'unknown' });
    expect(await waiting.ask({ key, denied })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      facts: { retryAfterMs: 30 * second },
    });
  });
});

describe('a completed request', () => {
  const done = (changes: object, script: Parameters<typeof startScript>[0] = {}) => {
    const system = startScript(script);
    system.items.set(requestKey(own), item({ state: 'created', resource: 'r0', expires: start, ...changes }));
    return system;
  };

  it('is answered with the current state of its resource', async () => {
    const headers = { 'correlation-id': 'c-1' };
    const { ask } = done({}, { shows: [{ status: 200, headers, body: { ...resource('r0'), name: 'Renamed' } }] });
    const answer = await ask({ key });
    expect(answer).toMatchObject({ code: 'replayed', outcome: { id: 'r0', requestID: own, correlationID: 'c-1' } });
    expect(answer).toMatchObject({ outcome: { text: expect.stringContaining('Renamed') } });
  });

  it.each([
    [0, 'PINGONE_UNREACHABLE', 70 * second],
    [70 * second - 1, 'PINGONE_UNREACHABLE', 1],
    [70 * second, 'RESOURCE_GONE', undefined],
  ])('that PingOne does not show %i ms later is answered with %s', async (ageMs, code, retryAfterMs) => {
    const { ask } = done({ updatedAt: start - ageMs });
    const answer = await ask({ key });
    expect(answer).toMatchObject({ code });
    expect('facts' in answer && answer.facts.retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    ['an error', { status: 500 }],
    ['another status with it', { status: 202, body: resource('r0') }],
    ['no resource', { status: 200, body: {} }],
    ['nothing', { fails: 'lost' as const }],
  ])('that PingOne shows as %s is answered with 503', async (_, shown) => {
    expect(await done({}, { shows: [shown] }).ask({ key })).toMatchObject({ code: 'PINGONE_UNREACHABLE' });
  });

  it('with another body is answered with KEY_REUSED, which is final for a message', async () => {
    const { ask, items } = done({ fingerprint: 'f' });
    expect(await ask({ key })).toMatchObject({ code: 'KEY_REUSED' });
    expect(items.get(requestKey(own))).not.toHaveProperty('final arrival');
    expect(await ask({ key, redelivered: true })).toMatchObject({ code: 'KEY_REUSED' });
    expect(items.get(requestKey(own))).toMatchObject({ 'final arrival': { problem: 'KEY_REUSED', status: 422 } });
  });

  it('with another body gets no final answer if the message was redelivered meanwhile', async () => {
    const { ask, items } = done(
      { fingerprint: 'f' },
      { onTable: ({ set }) => void ('final' in set && items.set(requestKey(own), item())) },
    );
    expect(await ask({ key, redelivered: true })).toMatchObject({
      code: 'REQUEST_IN_PROGRESS',
      facts: { retryAfterMs: second },
    });
  });

  it.each([
    [
      'and is being done by another',
      { state: 'sending', lease: start + 5 * second },
      'REQUEST_IN_PROGRESS',
      15 * second,
    ],
    ['and lacks its resource', { resource: undefined, lease: undefined }, 'REQUEST_IN_PROGRESS', second],
  ])('%s has no answer yet', async (_, changes, code, retryAfterMs) => {
    expect(await done({ expires: 1e12, ...changes }).ask({ key })).toMatchObject({ code, facts: { retryAfterMs } });
  });

  it('that expired is created again', async () => {
    expect(await done({ expires: start / 1_000 - 1 }).ask({ key })).toMatchObject({ code: 'created' });
  });

  const rejection = { state: 'rejected', problem: 'REQUEST_LIMITED', status: 429, codes: ['X'] };
  /** Rejected by another attempt between the claim and its answer. */
  const rejecting = (changes: object) => {
    const system = done(
      { state: 'sending', lease: start },
      {
        onTable: ({ kind, key: at }) =>
          void (
            kind === 'read' &&
            at === requestKey(own) &&
            system.items.set(requestKey(own), item({ ...rejection, ...changes }))
          ),
      },
    );
    return system;
  };

  it.each([
    [{}, {}, 'REQUEST_LIMITED', 429],
    [{ problem: 'GONE_SINCE', status: 400 }, {}, 'PINGONE_REFUSED', 400],
    [{}, { redelivered: true }, 'REQUEST_IN_PROGRESS', 409],
    [{ finalFor: 'arrival' }, { redelivered: true }, 'REQUEST_LIMITED', 429],
    [{ finalFor: 'another' }, { redelivered: true }, 'REQUEST_IN_PROGRESS', 409],
  ])('that was rejected meanwhile, %j, is answered %j with %s', async (changes, asking, code, status) => {
    expect(await rejecting(changes).ask({ key, ...asking })).toMatchObject({ code, status });
  });

  it('that version 0.1 rejected finally for a message stays rejected', async () => {
    const { ask } = done({ ...rejection, finalFor: 'arrival' });
    expect(await ask({ key, redelivered: true })).toMatchObject({ code: 'REQUEST_LIMITED', status: 429 });
  });
});

describe('a resource that is deployed after its create', () => {
  it('is noted on its request, and its pending deployment is added before the request is closed', async () => {
    const order: string[] = [];
    const deadlines: number[] = [];
    const { ask, items } = startScript({
      addPending: async ({ requestID, resource }, deadline) => {
        order.push(`added ${resource} of ${requestID}`);
        deadlines.push(deadline);
        return 7;
      },
      onTable: ({ set }) => void (set.state && order.push(String(set.state))),
    });
    expect(await ask({ key, deploysAfter: true })).toMatchObject({ code: 'created' });
    expect(order).toEqual(['sending', `added r1 of ${own}`, 'created']);
    expect(items.get(requestKey(own))).toMatchObject({ deploys: true, deploymentNumber: 7 });
    // A second after the last call to PingOne.
    expect(deadlines).toEqual([start + 27 * second]);
  });

  it('is noted for a retry whose grant no longer says so', async () => {
    const added: string[] = [];
    const { ask, items } = startScript({ addPending: async ({ resource }) => added.push(resource) });
    items.set(requestKey(own), item({ state: 'accepted', deploys: true }));
    expect(await ask({ key, deploysAfter: false })).toMatchObject({ code: 'created' });
    expect(added).toEqual(['r1']);
  });

  it('is none without such a grant, or where nothing is deployed', async () => {
    const { ask, items } = startScript();
    expect(await ask({ key, deploysAfter: false })).toMatchObject({ code: 'created' });
    expect(items.get(requestKey(own))).not.toHaveProperty('deploys');
    expect(items.get(requestKey(own))).not.toHaveProperty('deploymentNumber');
    expect(await ask({ key: 'l', deploysAfter: true })).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });
});

it("the ledger's calls end a second after the deadline of an attempt", async () => {
  const { ask, tableDeadlines } = startScript();
  await ask({ key, withinMs: 20 * second });
  expect(tableDeadlines).toEqual([start + 21 * second]);
});

it('an unforeseen error is reported as UNEXPECTED_ERROR, and logs an attempt line', async () => {
  const { ask, attemptLine } = startScript({
    onTable: () => {
      throw new Error('odd');
    },
  });
  expect(await ask({ key })).toMatchObject({ code: 'UNEXPECTED_ERROR' });
  expect(attemptLine()).toMatchObject({ outcome: 'failed', code: 'UNEXPECTED_ERROR' });
});
