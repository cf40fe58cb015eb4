import { createHash, createHmac } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import type { ProvisionRequest } from '../../lib/provision/request.ts';
import type { Verifier } from '../../lib/webhook/authenticate.ts';
import { webhookHandler } from '../../lib/webhook/handler.ts';
import { parseKeys } from '../../lib/webhook/keys.ts';
import type { Scheme } from '../../lib/webhook/source.ts';
import { payloadOf, standardHeaders } from '../harness/signed-webhook.ts';
import { endpoint } from '../harness/some-endpoint.ts';

/** The webhook door with its parts in memory. */

const now = Date.UTC(2026, 0, 1);
const key = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const standard: Scheme = { scheme: 'standard' };
/** Signs no id and no time. */
const untimed: Scheme = {
  scheme: 'hmac',
  algorithm: 'SHA256',
  encoding: 'HEX',
  secretEncoding: 'BASE64',
  signatureHttpHeader: 'X-Signature',
  signedMessageComposition: '{BODY}',
};
const text = payloadOf(endpoint);

const verifierOf = (scheme: Scheme): Verifier => {
  const keys = parseKeys(JSON.stringify({ secrets: [key] }), scheme, 's');
  return { scheme, keys: { get: async () => keys, newerThan: async () => undefined } };
};
const unread: Verifier = {
  scheme: standard,
  keys: { get: () => Promise.reject(new Error('no answer')), newerThan: async () => undefined },
};
const verifiers = { timed: verifierOf(standard), untimed: verifierOf(untimed) };
const grants = parseGrants({
  version: '1',
  callers: [callerOfAll('ci', [{ webhook: 'timed' }, { webhook: 'untimed' }])],
});

interface Arriving {
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sources?: Readonly<Record<string, Verifier>>;
}

/** All results of one webhook. */
const handled = async (
  source: string,
  { body, isBase64Encoded = false, headers = {}, sources = verifiers }: Arriving,
) => {
  const accepted: [ProvisionRequest, number, number | undefined][] = [];
  const lines: unknown[] = [];
  const handler = webhookHandler({
    sources: new Map(Object.entries(sources)),
    endpoints: [endpoint],
    accept: () => async (request, deadline, keepUntil) => {
      accepted.push([request, deadline, keepUntil]);
      const { caller, parameters, arrivalID } = request;
      const recorded = { caller, parameters: { ...parameters }, arrivalID, fingerprint: 'f', name: 'n' };
      return { ...recorded, state: 'accepted', createdAt: now, updatedAt: now };
    },
    grants,
    unknownMembers: 'refuse',
    docsUrl: 'https://docs.example',
    log: (level, line) => void lines.push({ level, ...line }),
    now: () => now,
  });
  const event = { routeKey: `POST /v1/webhooks/${source}`, headers, body, isBase64Encoded };
  const context: Partial<Context> = { awsRequestId: 'r', getRemainingTimeInMillis: () => 10_000 };
  const answer = await handler(Object(event), Object(context));
  return { answer, status: answer.statusCode, accepted, lines };
};

const signed = (body: string, id = 'a') => standardHeaders(body, { key, id, at: now });
const signedUntimed = (body: string) => ({
  'x-signature': createHmac('sha256', Buffer.alloc(32, 1)).update(body).digest('hex'),
});
const unauthorized = { statusCode: 401, headers: { 'cache-control': 'no-store' }, body: '' };

describe('a signed webhook', () => {
  it('is accepted under its signed id, with the time that is left but for a second', async () => {
    const { answer, accepted } = await handled('timed', { body: text, headers: signed(text) });
    expect(accepted).toMatchObject([
      [
        {
          endpoint,
          caller: 'ci',
          key: 'webhook:timed/a',
          arrivalID: 'timed/a',
          correlation: { transactionID: 'timed/a' },
          keyless: false,
          redelivered: true,
        },
        now + 9_000,
        undefined,
      ],
    ]);
    expect(answer.statusCode).toBe(202);
    expect(answer.headers?.location).toBe(`/v1/requests/${accepted[0]?.[0].requestID}`);
  });

  it('is accepted under the hash of its body if it has no signed id, and kept for ever without a signed time', async () => {
    const { accepted } = await handled('untimed', { body: text, headers: signedUntimed(text) });
    const arrivalID = `untimed/sha256-${createHash('sha256').update(text).digest('hex')}`;
    expect(accepted).toMatchObject([
      [{ key: `webhook:${arrivalID}`, arrivalID }, now + 9_000, Date.UTC(9999, 11, 31, 23, 59, 59) / 1000],
    ]);
  });

  it('has the key in its data', async () => {
    const body = payloadOf(endpoint, { idempotencyKey: 'k' });
    const { accepted } = await handled('timed', { body, headers: signed(body) });
    expect(accepted).toMatchObject([[{ key: 'k', arrivalID: 'timed/a' }, now + 9_000, undefined]]);
  });

  it('is verified by its bytes, in base64 or not', async () => {
    const body = Buffer.from(text).toString('base64');
    expect((await handled('timed', { body, isBase64Encoded: true, headers: signed(text) })).status).toBe(202);
    expect((await handled('timed', { body, headers: signed(text) })).status).toBe(401);
  });

  it.each([undefined, '', 'no JSON', '[]', '{"type":"Other","data":{}}', `{"type":"${endpoint.event}"}`])(
    'gets a problem for the body %j, since its sender is known',
    async (body) => {
      const { status, accepted } = await handled('timed', { body, headers: signed(body ?? '') });
      expect([status, accepted]).toEqual([400, []]);
    },
  );
});

describe('a webhook that is not verified', () => {
  it.each([
    ['timed', {}, { source: 'timed', refused: 'no-signature' }],
    ['timed', signed(`${text} `), { source: 'timed', refused: 'wrong-signature' }],
    ['missing', signed(text), { source: 'unknown', refused: 'unknown-source' }],
    ['missing', {}, { source: 'unknown', refused: 'unknown-source' }],
  ])('of the source %s with the headers %j gets 401', async (source, headers, webhook) => {
    const { answer, accepted, lines } = await handled(source, { body: text, headers });
    expect([answer, accepted, lines]).toEqual([unauthorized, [], [{ level: 'info', webhook }]]);
  });

  it.each(['timed', 'missing'])('of the source %s gets 503 while no secret can be read', async (source) => {
    const { answer, accepted } = await handled(source, {
      body: text,
      headers: signed(text),
      sources: { timed: unread },
    });
    const headers = { 'cache-control': 'no-store', 'retry-after': '30' };
    expect([answer, accepted]).toEqual([{ statusCode: 503, headers, body: '' }, []]);
  });

  it('gets 401 where there is no source', async () => {
    const { answer } = await handled('timed', { body: text, headers: signed(text), sources: {} });
    expect(answer).toEqual(unauthorized);
  });
});
