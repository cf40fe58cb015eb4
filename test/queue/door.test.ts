import type { Context, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { acceptedMessage } from '../../lib/intake/accepted-request.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { Problem, type ProblemFacts } from '../../lib/problems.ts';
import { fingerprintOf } from '../../lib/provision/identity.ts';
import type { Outcome, ProvisionRequest } from '../../lib/provision/request.ts';
import { queueHandler } from '../../lib/queue/handler.ts';

/** The queue door with scripted dependencies. */

const now = Date.UTC(2026, 0, 1);
const second = 1_000;
const hour = 3_600 * second;
const sender = { source: 'com.example.ci', account: '123456789012' };
const denied = { ...sender, source: 'com.example.denied' };
const elsewhere = callerOfAll('denied', [{ event: denied }]);
const environments = ['00000000-0000-4000-8000-000000000000'];
const grants = parseGrants({
  version: '1',
  callers: [
    callerOfAll('ci', [{ event: sender }]),
    { ...elsewhere, grants: elsewhere.grants.map((grant) => ({ ...grant, environments })) },
  ],
});
const { parameters, body } = endpoint.example;
const outcome: Outcome = { requestID: 'r', how: 'created', id: 'i', text: '{}', correlationID: undefined };
const rejection = { problem: 'KEY_REUSED', status: 422, codes: ['KEY_REUSED'] };

const eventOf = (detail: unknown = {}) => ({
  ...sender,
  id: 'e',
  time: '2026-01-01T00:00:00Z',
  'detail-type': endpoint.event,
  detail: { version: '1', ...parameters, body, ...Object(detail) },
});

interface Doing {
  readonly provision?: () => Promise<Outcome>;
  readonly item?: Readonly<Record<string, unknown>>;
  readonly receives?: number;
  readonly ageMs?: number;
  readonly publishes?: boolean;
}

/** All results of one message. */
const handled = async (text: unknown, { provision, item, receives = 1, ageMs = 0, publishes = true }: Doing = {}) => {
  const did: unknown[] = [];
  const asked: [ProvisionRequest, number][] = [];
  const ledgerDeadlines: number[] = [];
  const table = { read: async () => item && { ...item }, change: async () => undefined };
  const handler = queueHandler({
    endpoint,
    grants,
    unknownMembers: 'refuse',
    now: () => now,
    log: (level, line) => void did.push(level === 'error' ? 'logs an error' : Object.keys(line)[0]),
    ledger: (deadline) => {
      ledgerDeadlines.push(deadline);
      return openLedger(table, endpoint.name, 0);
    },
    provision: async (request, deadline) => {
      asked.push([request, deadline]);
      return provision ? provision() : outcome;
    },
    outbox: () => (handle) =>
      handle(async (_, kind, detail, deadline) => {
        if (!publishes) throw new Error('no bus');
        did.push({ kind, detail: { ...detail }, deadline });
      }),
    queues: {
      deadLetter: async (_, reason, code, deadline) => void did.push({ reason, code, deadline }),
      postpone: async (_, waitMs, deadline) => void did.push({ waitMs, deadline }),
    },
  });
  const record: Partial<SQSRecord> = {
    messageId: 'm',
    body: typeof text === 'string' ? text : JSON.stringify(text),
    attributes: {
      ApproximateFirstReceiveTimestamp: String(now - ageMs),
      ApproximateReceiveCount: String(receives),
      SenderId: 's',
      SentTimestamp: String(now - ageMs),
    },
  };
  const context: Partial<Context> = { getRemainingTimeInMillis: () => 60 * second };
  const { batchItemFailures } = await handler(Object({ Records: [record] }), Object(context));
  return {
    did: did.filter((one) => one !== 'attempt'),
    asked,
    ledgerDeadlines,
    comesAgain: batchItemFailures.length > 0,
  };
};

const failing = (code: Problem['code'], facts: ProblemFacts = {}) => ({
  provision: async () => {
    throw new Problem(code, 'So it is.', facts);
  },
});
const deadline = now + 59 * second;

describe('an event', () => {
  it("is provisioned, and its outcome published, before the function's end", async () => {
    const { did, asked, comesAgain } = await handled(eventOf({ idempotencyKey: 'k' }), { receives: 3, ageMs: second });
    expect(asked).toMatchObject([
      [
        {
          body,
          parameters,
          caller: 'ci',
          key: 'k',
          arrivalID: 'e',
          redelivered: true,
          keyless: false,
          origin: { door: 'queue', receives: 3, waitingMs: second },
        },
        now + 52 * second,
      ],
    ]);
    expect(did).toEqual([
      {
        kind: 'Created',
        detail: {
          version: '1',
          id: 'e Created',
          requestID: asked[0]?.[0].requestID,
          sourceEventID: 'e',
          idempotencyKey: 'k',
          parameters,
          requestedAt: '2026-01-01T00:00:00Z',
          finishedAt: '2026-01-01T00:00:00.000Z',
          how: 'created',
          resource: { id: 'i', links: {} },
        },
        deadline,
      },
    ]);
    expect(comesAgain).toBe(false);
  });

  it('is redelivered if its outcome cannot be published', async () => {
    expect(await handled(eventOf(), { publishes: false })).toMatchObject({ did: ['logs an error'], comesAgain: true });
  });

  it('is redelivered after an unforeseen error', async () => {
    const provision = async () => {
      throw new Error('odd');
    };
    expect(await handled(eventOf(), { provision })).toMatchObject({ did: ['logs an error'], comesAgain: true });
  });

  it('that is refused has a Rejected outcome', async () => {
    const { did, comesAgain } = await handled(
      eventOf(),
      failing('PINGONE_REFUSED', { status: 400, upstream: { code: 'INVALID_DATA', message: 'No.' } }),
    );
    expect(did).toMatchObject([
      'message',
      { kind: 'Rejected', detail: { id: 'e Rejected', status: 400, code: 'INVALID_DATA', pointers: [] }, deadline },
    ]);
    expect(comesAgain).toBe(false);
  });

  it("whose resource is gone has a Created outcome with the resource's id", async () => {
    const { did, comesAgain } = await handled(eventOf(), failing('RESOURCE_GONE', { resource: 'i' }));
    expect(did).toMatchObject([
      'message',
      { kind: 'Created', detail: { how: 'replayed', resource: { id: 'i' } }, deadline },
    ]);
    expect(comesAgain).toBe(false);
    const nameless = await handled(eventOf(), failing('RESOURCE_GONE'));
    expect(nameless.did).toMatchObject(['message', { kind: 'Rejected' }]);
    const other = await handled(eventOf(), failing('KEY_REUSED', { resource: 'i' }));
    expect(other.did).toMatchObject(['message', { kind: 'Rejected' }]);
  });

  it.each<[Problem['code'], number | undefined, number, number]>([
    ['REQUEST_LIMITED', undefined, 1, 2 * second],
    ['REQUEST_LIMITED', undefined, 5, 32 * second],
    ['REQUEST_LIMITED', undefined, 12, 900 * second],
    ['REQUEST_LIMITED', 40 * second, 5, 40 * second],
    ['REQUEST_LIMITED', 1, 5, 32 * second],
    ['REQUEST_IN_PROGRESS', 7 * second, 5, 7 * second],
    ['OUTCOME_UNKNOWN', 7 * second, 5, 7 * second],
    ['OUTCOME_UNKNOWN', undefined, 5, 32 * second],
    ['OUTCOME_UNKNOWN', 7 * second, 20, 7 * second],
    ['OUTCOME_UNKNOWN', 7 * second, 21, 300 * second],
    ['OUTCOME_UNKNOWN', 400 * second, 21, 400 * second],
  ])(
    'that may end otherwise comes again: %s that asks for %s ms, received %i times, in %i ms',
    async (code, retryAfterMs, receives, waitMs) => {
      const { did, comesAgain } = await handled(eventOf(), { ...failing(code, { retryAfterMs }), receives });
      expect(did.at(-1)).toEqual({ waitMs, deadline });
      expect(comesAgain).toBe(true);
    },
  );

  it('is redelivered for six hours, and then becomes a dead letter for an operator', async () => {
    const problem = failing('OUTCOME_UNKNOWN', { retryAfterMs: 7 * second });
    const last = await handled(eventOf(), { ...problem, ageMs: 6 * hour - 1 });
    expect(last.did.at(-1)).toEqual({ waitMs: 1, deadline });
    const over = await handled(eventOf(), { ...problem, ageMs: 6 * hour });
    expect(over.did).toMatchObject([
      'message',
      { kind: 'Unresolved', detail: { id: 'e Unresolved', status: 504, code: 'OUTCOME_UNKNOWN' }, deadline },
      { reason: 'So it is.', code: 'OUTCOME_UNKNOWN', deadline },
      'deadLettered',
    ]);
    expect(over.comesAgain).toBe(false);
  });

  it.each([
    ['NOT_JSON', '{'],
    ['NO_EVENT', {}],
    ['OTHER_EVENT', { ...eventOf(), 'detail-type': 'Other' }],
    ['NO_EVENT', { ...eventOf(), id: '' }],
  ])('that is unreadable (%s) becomes a dead letter', async (code, text) => {
    const { did, asked, comesAgain } = await handled(text);
    expect(did).toMatchObject([{ code, deadline }, 'deadLettered']);
    expect([asked, comesAgain]).toEqual([[], false]);
  });

  it.each<[string, unknown, string[]]>([
    ['has no detail', null, []],
    ['has no version', { version: undefined }, ['/version']],
    ['lacks a part of its path', { environmentID: undefined }, []],
    ['misspells its key', { idempotencykey: 'k' }, []],
    ['misspells its key otherwise', { idempotenceKey: 'k' }, []],
    ['has a second body in another case', { Body: body }, []],
    ['has a body that breaks a rule', { body: { ...body, name: '' } }, ['/body/name']],
    ['has a body that is none', { body: 7 }, ['/body']],
  ])('that %s is rejected', async (_, changes, pointers) => {
    const event = changes === null ? { ...eventOf(), detail: null } : eventOf(changes);
    const { did, asked } = await handled(event);
    expect(asked).toEqual([]);
    expect(did.at(-1)).toMatchObject({ kind: 'Rejected', detail: { status: 400, code: 'INVALID_DATA' } });
    for (const pointer of pointers)
      expect(did.at(-1)).toHaveProperty('detail.pointers', expect.arrayContaining([pointer]));
  });

  it("may have the sender's own members, with numbers that JSON.parse changes", async () => {
    const { asked } = await handled(
      JSON.stringify(eventOf({ code: 'x', idempotencyKey: null })).replace('"x"', '1e999'),
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]?.[0].key).toBe('e');
    const inBody = JSON.stringify(eventOf({ body: { ...body, properties: { p: { value: 'x' } } } })).replace(
      '"x"',
      '1e999',
    );
    expect((await handled(inBody)).asked).toEqual([]);
    const outside = JSON.stringify({ ...eventOf(), other: { body: 'x' } }).replace('"x"', '1e999');
    expect((await handled(outside)).asked).toHaveLength(1);
  });

  it('without a known sender is rejected', async () => {
    const { did, asked } = await handled({ ...eventOf(), source: 'com.example.nobody' });
    expect(asked).toEqual([]);
    expect(did.at(-1)).toMatchObject({ kind: 'Rejected', detail: { status: 403 } });
  });

  it.each([
    ['sending', 1],
    ['unknown', 1],
    ['created', 0],
    ['rejected', 0],
    [undefined, 0],
  ])('that is denied is resolved only if it may have been sent: %s', async (state, times) => {
    const item = state && { item: { ...accepted, state } };
    const { asked, did } = await handled({ ...eventOf(), source: denied.source }, item || {});
    expect(asked).toHaveLength(times);
    if (times > 0) expect(asked[0]?.[0].denied).toMatchObject({ code: 'ACCESS_FAILED' });
    else expect(did.at(-1)).toMatchObject({ kind: 'Rejected', detail: { status: 403 } });
  });
});

const accepted = {
  state: 'accepted',
  caller: 'ci',
  fingerprint: fingerprintOf(body),
  name: 'n',
  parameters,
  arrivalID: 'a',
  createdAt: 0,
  updatedAt: 0,
};
const message = acceptedMessage({ requestID: 'f'.repeat(64), arrivalID: 'a', body });

describe('an accepted request', () => {
  it('is provisioned as it was accepted', async () => {
    const { asked, did, ledgerDeadlines } = await handled(message, { item: { ...accepted, key: 'k' }, ageMs: second });
    expect(asked).toMatchObject([
      [{ requestID: 'f'.repeat(64), caller: 'ci', parameters, body, key: 'k' }, now + 52 * second],
    ]);
    expect(did).toMatchObject([
      { kind: 'Created', detail: { id: 'a Created', requestedAt: '2025-12-31T23:59:59.000Z', idempotencyKey: 'k' } },
    ]);
    expect(did[0]).not.toHaveProperty('detail.sourceEventID', 'a');
    expect(new Set(ledgerDeadlines)).toEqual(new Set([now + 52 * second]));
  });

  it.each([
    ['is not there', undefined],
    ['has another body', { ...accepted, fingerprint: 'f' }],
  ])('whose record %s becomes a dead letter', async (_, item) => {
    const { did, asked } = await handled(message, item ? { item } : {});
    expect(did).toMatchObject([{ code: 'NO_EVENT', deadline }, 'deadLettered']);
    expect(asked).toEqual([]);
  });

  it('that has a final answer gets it again', async () => {
    const { did } = await handled(message, { item: { ...accepted, fingerprint: 'f', 'final a': rejection } });
    expect(did.at(-1)).toMatchObject({ kind: 'Rejected', detail: { status: 422, code: 'KEY_REUSED' } });
  });
});

it.each([null, {}, { Records: 'x' }])("a console's test event is ignored: %j", async (event) => {
  const lines: unknown[] = [];
  const door = { now: () => now, log: (_: unknown, line: object) => void lines.push(line) };
  const context: Partial<Context> = { getRemainingTimeInMillis: () => 1 };
  expect(await queueHandler(Object(door))(Object(event), Object(context))).toEqual({ batchItemFailures: [] });
  expect(lines).toMatchObject([{ ignored: expect.anything() }]);
});
