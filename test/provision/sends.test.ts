import { describe, expect, it } from 'vitest';
import { ledgerFails, start, startScript } from './scripted.ts';

/** The times of a create and of the calls between its sends, to the millisecond. */

const second = 1_000;

describe('a create', () => {
  it('takes five calls to the ledger', async () => {
    const { ask, sent, tables, lines, attemptLine } = startScript();
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created', outcome: { id: 'r1' } });
    expect(sent).toEqual(['create 0']);
    expect(tables.map(({ kind, set }) => Object.keys(set)[0] ?? kind)).toEqual([
      'caller',
      'holder',
      'read',
      'taken',
      'state',
    ]);
    expect(lines).toHaveLength(1);
    expect(attemptLine()).toEqual({
      door: 'http',
      caller: 'alice',
      endpoint: 'create-connector-instance',
      parameters: expect.anything(),
      arrival: 'arrival',
      request: expect.stringMatching(/^\w{64}$/),
      outcome: 'created',
      resource: 'r1',
      correlationID: undefined,
      sends: 1,
      pingOneMs: 0,
      limited: 0,
      unauthorized: 0,
      tookOver: false,
      ownMs: 0,
      ms: 0,
    });
  });

  it.each([
    { withinMs: 26 * second, leaseMs: 31 * second },
    { withinMs: 2 * second, leaseMs: 13 * second },
  ])('has a lease that outlives its send: $leaseMs ms of $withinMs', async ({ withinMs, leaseMs }) => {
    const { ask, tables, clock } = startScript();
    const now = clock.now();
    await ask({ key: 'k', withinMs });
    expect(tables[0]?.set.lease).toBe(now + leaseMs);
  });

  it('is not sent with less time left than one call may take', async () => {
    const { ask, sent } = startScript();
    expect(await ask({ key: 'k', withinMs: 8 * second - 1 })).toMatchObject({ code: 'PINGONE_UNREACHABLE' });
    expect(sent).toEqual([]);
    expect(await ask({ key: 'k', withinMs: 8 * second })).toMatchObject({ code: 'created' });
  });

  it.each([
    { member: 'caller', tookMs: 1_000, records: 0 },
    { member: 'caller', tookMs: 1_001, records: 1 },
    { member: 'holder', tookMs: 1_001, records: 1 },
  ])('is recorded $records more times if its claim or hold took $tookMs ms', async ({ member, tookMs, records }) => {
    const { ask, pass, tables } = startScript({ onTable: ({ set }) => (member in set ? pass(tookMs) : undefined) });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(tables.filter(({ set }) => 'lastSent' in set)).toHaveLength(records);
  });

  it('is recorded again if that record also took long', async () => {
    let left = 2;
    const { ask, pass, tables } = startScript({
      onTable: ({ set }) => (('lastSent' in set || 'caller' in set) && left-- > 0 ? pass(1_001) : undefined),
    });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(tables.filter(({ set }) => 'lastSent' in set)).toHaveLength(2);
  });

  it('backs off after 429s, twice as long each time and five seconds at the most', async () => {
    const { ask, sent, attemptLine } = startScript({ random: 1, creates: Array(20).fill({ status: 429 }) });
    expect(await ask({ key: 'k', withinMs: 30 * second })).toMatchObject({ code: 'REQUEST_LIMITED' });
    expect(sent).toEqual([0, 200, 600, 1_400, 3_000, 6_200, 11_200, 16_200, 21_200].map((at) => `create ${at}`));
    expect(attemptLine()).toMatchObject({ outcome: 'failed', limited: 9, unauthorized: 0, sends: 9 });
  });

  it.each([
    { asked: 18, sends: ['create 0', 'create 18000'], code: 'created', ms: 18 * second },
    { asked: 19, sends: ['create 0'], code: 'REQUEST_LIMITED', ms: 0 },
  ])('waits $asked s for PingOne if that fits its deadline', async ({ asked, sends, code, ms }) => {
    const limited = { status: 429, headers: { 'retry-after': String(asked) } };
    const { ask, sent, attemptLine } = startScript({ creates: [limited] });
    expect(await ask({ key: 'k' })).toMatchObject({ code });
    expect(sent).toEqual(sends);
    expect(attemptLine()).toMatchObject({ ms });
  });

  it.each([
    { untilMs: 600, sends: ['create 0', 'create 200', 'create 600'] },
    { untilMs: 601, sends: ['create 0', 'create 200', 'create 600', 'create 1400'] },
  ])('is sent again while its environment is new, for $untilMs ms', async ({ untilMs, sends }) => {
    const createdAt = new Date(start + untilMs - 60 * second).toISOString();
    const shows = [{ body: { id: 'e', createdAt } }];
    const { ask, sent } = startScript({ random: 1, creates: Array(20).fill({ status: 403 }), shows });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'PINGONE_REFUSED' });
    expect(sent.filter((call) => call.startsWith('create'))).toEqual(sends);
  });

  it.each([
    { restMs: 500, retryAfterMs: 1_000 },
    { restMs: 4_000, retryAfterMs: 4_000 },
    { restMs: 30_000, retryAfterMs: 10_000 },
  ])(
    'may be retried after $retryAfterMs ms if its environment is new for $restMs ms',
    async ({ restMs, retryAfterMs }) => {
      const createdAt = new Date(start + restMs - 60 * second).toISOString();
      const { ask } = startScript({ random: 1, creates: [{ status: 403 }], shows: [{ body: { createdAt } }] });
      expect(await ask({ key: 'k', withinMs: 8_100 })).toMatchObject({
        code: 'ENVIRONMENT_NEW',
        facts: { retryAfterMs },
      });
    },
  );

  it.each([
    ['with a status other than 200', { status: 203 as number, body: { createdAt: new Date(start).toISOString() } }],
    ['from a minute ahead', { body: { createdAt: new Date(start + 60 * second).toISOString() } }],
    ['without a date', { body: {} }],
    ['not at all', { fails: 'lost' as const }],
  ])('is final if PingOne shows the environment %s', async (_, shown) => {
    const { ask, sent } = startScript({ creates: [{ status: 403 }], shows: [shown] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'PINGONE_REFUSED', status: 403 });
    expect(sent).toHaveLength(2);
  });

  it('whose answer is lost after a long time is looked for from when it left', async () => {
    const { ask, sent } = startScript({ creates: [{ fails: 'lost', made: true, afterMs: 130 * second }] });
    expect(await ask({ key: 'k', withinMs: 300 * second })).toMatchObject({ code: 'adopted' });
    expect(sent).toEqual(['create 0', 'list 130000', 'show 130000']);
  });

  it('that is left too little time by a slow ledger ends with the last answer of PingOne', async () => {
    const { ask, pass, sent } = startScript({
      creates: [{ status: 429, headers: { 'retry-after': '2' } }],
      onTable: ({ set }) => ('lastSent' in set ? pass(500) : undefined),
    });
    expect(await ask({ key: 'k', withinMs: 10.2 * second })).toMatchObject({ code: 'REQUEST_LIMITED' });
    expect(sent).toEqual(['create 0']);
  });

  it('that was not sent is sent again after a backoff', async () => {
    const { ask, sent } = startScript({ creates: [{ fails: 'notSent' }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(sent).toEqual(['create 0', 'create 100']);
  });

  it('is sent once more with a new token', async () => {
    const { ask, sent, attemptLine } = startScript({ creates: [{ status: 401 }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(sent).toEqual(['create 0', 'create 0 renewed']);
    expect(attemptLine()).toMatchObject({ unauthorized: 1, limited: 0 });
  });

  it('ends if the new token is refused, too', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 401 }, { status: 401 }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    expect(sent).toHaveLength(2);
  });

  it('that is refused is not sent again', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 400 }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'PINGONE_REFUSED', status: 400 });
    expect(sent).toEqual(['create 0']);
  });

  it("is counted with PingOne's time", async () => {
    const { ask, attemptLine } = startScript({ creates: [{ status: 201, afterMs: 3 * second }] });
    await ask({ key: 'k' });
    expect(attemptLine()).toMatchObject({ pingOneMs: 3 * second, ownMs: 0, ms: 3 * second });
  });

  it('whose resource cannot be recorded has an unknown outcome', async () => {
    const { ask, attemptLine, clock } = startScript({
      onTable: ({ set }) => ('taken' in set || set.state === 'created' ? ledgerFails() : undefined),
      creates: [{ status: 201, headers: { 'correlation-id': 'c-1' } }],
    });
    const now = clock.now();
    const answer = await ask({ key: 'k' });
    expect(answer).toMatchObject({ code: 'OUTCOME_UNKNOWN', facts: { correlationID: 'c-1', idempotencyKey: 'k' } });
    expect(attemptLine()).toMatchObject({ unknown: 'opened' });
    // Two waits of a backoff, with a half of 400 and of 800 ms.
    expect(clock.now() - now).toBe(600);
  });
});

describe('after a 500 from PingOne', () => {
  it('a listed resource is adopted', async () => {
    const { ask, sent, attemptLine } = startScript({
      creates: [{ status: 500, made: true }],
      lists: [{ body: { _embedded: { connectorInstances: [] } } }],
    });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'adopted', outcome: { id: 'r1' } });
    expect(sent).toEqual(['create 0', 'list 0', 'list 1000', 'show 1000']);
    expect(attemptLine()).toMatchObject({ listLagMs: second, sends: 1 });
    expect(attemptLine()).not.toHaveProperty('unknown');
  });

  it('the list is read until the grace period is over, and then the create is sent again', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500 }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(sent).toEqual([
      'create 0',
      'list 0',
      'list 1000',
      'list 3000',
      'list 7000',
      'list 11000',
      'list 15000',
      'create 15000',
    ]);
  });

  it('the list is read three times if the grace period outlasts the deadline', async () => {
    const headers = { 'correlation-id': 'c-1' };
    const { ask, sent, attemptLine } = startScript({ creates: [{ status: 500, headers }] });
    expect(await ask({ key: 'k', withinMs: 15 * second })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      facts: { retryAfterMs: 22 * second, correlationID: 'c-1' },
    });
    expect(sent).toEqual(['create 0', 'list 0', 'list 1000', 'list 3000']);
    expect(attemptLine()).toMatchObject({ unknown: 'opened' });
  });

  it('the list is not read after the deadline', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500, afterMs: 7 * second }] });
    expect(await ask({ key: 'k', withinMs: 8 * second })).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(sent).toEqual(['create 0', 'list 7000']);
  });

  it('a 429 sends again, and reads no list', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500 }, { status: 429 }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'created' });
    expect(sent.slice(6)).toEqual(['list 15000', 'create 15000', 'create 15200']);
  });

  it('a refusal is final once the longer grace period after it is over', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500 }, { status: 400 }] });
    expect(await ask({ key: 'k', withinMs: 120 * second })).toMatchObject({ code: 'PINGONE_REFUSED', status: 400 });
    expect(sent.at(-1)).toBe(`list ${75 * second}`);
  });

  it('a refusal may be due to the created resource, which is searched for', async () => {
    const empty = { body: { _embedded: { connectorInstances: [] } } };
    const { ask, sent } = startScript({
      creates: [{ status: 500, made: true }, { status: 400 }],
      lists: Array(8).fill(empty),
    });
    expect(await ask({ key: 'k', withinMs: 120 * second })).toMatchObject({ code: 'adopted' });
    expect(sent.slice(-3)).toEqual(['list 16000', 'list 18000', 'show 18000']);
  });
});

describe('a list that cannot be read', () => {
  it('is read again after a backoff, three times in all', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500 }], lists: Array(3).fill({ status: 500 }) });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'OUTCOME_UNKNOWN', facts: { retryAfterMs: 5 * second } });
    expect(sent).toEqual(['create 0', 'list 0', 'list 100', 'list 300']);
  });

  it("is read again after PingOne's Retry-After", async () => {
    const limited = { status: 429, headers: { 'retry-after': '7' } };
    const { ask, sent } = startScript({ creates: [{ status: 500, made: true }], lists: [limited] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'adopted' });
    expect(sent).toEqual(['create 0', 'list 0', 'list 7000', 'show 7000']);
  });

  it.each([
    { asked: '25', lists: ['list 0', 'list 25000'] },
    { asked: '26', lists: ['list 0'] },
  ])('is not read again at the deadline: $asked s of 26', async ({ asked, lists }) => {
    const limited = { status: 429, headers: { 'retry-after': asked } };
    const { ask, sent } = startScript({ creates: [{ status: 500 }], lists: [limited, limited] });
    expect(await ask({ key: 'k' })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      facts: { retryAfterMs: Number(asked) * second },
    });
    expect(sent).toEqual(['create 0', ...lists]);
  });

  it('is read again after a lost answer', async () => {
    const { ask, sent } = startScript({ creates: [{ status: 500, made: true }], lists: [{ fails: 'lost' }] });
    expect(await ask({ key: 'k' })).toMatchObject({ code: 'adopted' });
    expect(sent).toEqual(['create 0', 'list 0', 'list 100', 'show 100']);
  });
});

describe("a listed resource that may be the request's", () => {
  it('is named', async () => {
    const rows = [{ id: 'a', name: 'ONE' }];
    const lists = [{ body: { _embedded: { connectorInstances: rows } } }];
    const body = { name: 'One', connector: { id: 'c' } };
    const { ask } = startScript({ creates: [{ status: 500 }], lists });
    expect(await ask({ key: 'k', body })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('have created: a. An operator'),
    });
  });

  it('is reported as having no readable id', async () => {
    const lists = [{ body: { _embedded: { connectorInstances: [{}] } } }];
    const { ask } = startScript({ creates: [{ status: 500 }], lists });
    expect(await ask({ key: 'k' })).toMatchObject({ message: expect.stringContaining('no readable id') });
  });
});
