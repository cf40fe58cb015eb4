import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import type { Source } from '../../lib/webhook/source.ts';
import { collectionOf } from '../harness/front-door.ts';
import { payloadOf, standardHeaders } from '../harness/signed-webhook.ts';
import type { SystemOptions } from '../harness/system.ts';
import { openDoor } from './door.ts';

const key = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const text = 'a secret of twenty-four bytes';

const sources = {
  timed: { scheme: 'standard', secret: 'webhooks/timed' },
  untimed: {
    scheme: 'hmac',
    algorithm: 'SHA256',
    encoding: 'HEX',
    secretEncoding: 'UTF8',
    signatureHttpHeader: 'X-Hub-Signature-256',
    signaturePrefix: 'sha256=',
    signedMessageComposition: '{BODY}',
    secret: 'webhooks/untimed',
  },
} as const satisfies Record<string, Source>;

const caller = callerOfAll('ci', [{ webhook: 'timed' }, { webhook: 'untimed' }]);
const allowed: GrantsDocument = { version: '1', callers: [caller] };
const denied: GrantsDocument = { version: '1', callers: [{ ...caller, grants: [] }] };
const day = 86_400_000;

describe.each(endpoints)('a webhook for $name that is sent again', (endpoint) => {
  const open = async (options: SystemOptions = {}) => {
    const door = await openDoor(endpoint, sources, allowed, options);
    door.putSecret('timed', JSON.stringify({ secrets: [key] }));
    door.putSecret('untimed', JSON.stringify({ secrets: [text] }));
    const body = payloadOf(endpoint);
    const signature = createHmac('sha256', text).update(body).digest('hex');
    const { clock, sandbox, pass } = door.system;
    return {
      ...door,
      body,
      pass,
      made: () => sandbox.resources(collectionOf(endpoint)).length,
      timed: (id: string, grants = allowed, at = clock.now()) =>
        door.post('timed', standardHeaders(body, { key, id, at }), body, grants),
      untimed: (headers: Record<string, string> = {}, grants = allowed) =>
        door.post('untimed', { 'x-hub-signature-256': `sha256=${signature}`, ...headers }, body, grants),
      close: door[Symbol.asyncDispose],
    };
  };
  const states = (answers: readonly { readonly body: string }[]) =>
    answers.map(({ body }) => Object(JSON.parse(body)).state);

  it('makes no second resource, also if it is signed again at a later time', async () => {
    const { timed, pass, made, close, bus } = await open();
    const first = await timed('a');
    await pass(60_000);
    const again = [await timed('a'), await timed('a')];
    await pass(day);
    again.push(await timed('a'));
    await pass(60_000);
    expect([first, ...again].map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202]);
    expect(new Set([first, ...again].map(({ headers }) => headers.location)).size).toBe(1);
    expect(states([first, ...again])).toEqual(['accepted', 'created', 'created', 'created']);
    expect(made()).toBe(1);
    // Consumers drop repeated outcomes by their id.
    expect(new Set(bus.outcomes.map(({ detail }) => detail.id))).toEqual(new Set(['timed/a Created']));
    await close();
  });

  it('makes another resource with another id', async () => {
    const { timed, pass, made, close } = await open();
    await timed('a');
    await pass(60_000);
    await timed('b');
    await pass(60_000);
    expect(made()).toBe(2);
    await close();
  });

  it('is identified by its signed bytes if it has no signed id, whatever its other headers say', async () => {
    const { untimed, pass, made, close } = await open();
    const answers = [await untimed(), await untimed({ 'webhook-id': 'b', 'idempotency-key': 'b' })];
    await pass(60_000);
    answers.push(await untimed({ 'webhook-id': 'c', prefer: 'wait=1', 'x-github-delivery': 'd' }));
    await pass(60_000);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
    expect(made()).toBe(1);
    await close();
  });

  it('shares no id with another source of the same caller', async () => {
    const door = await openDoor(
      endpoint,
      { timed: sources.timed, other: { ...sources.timed, secret: 's' } },
      {
        version: '1',
        callers: [callerOfAll('ci', [{ webhook: 'timed' }, { webhook: 'other' }])],
      },
    );
    for (const source of ['timed', 'other']) door.putSecret(source, JSON.stringify({ secrets: [key] }));
    const body = payloadOf(endpoint);
    const post = (source: string) =>
      door.post(source, standardHeaders(body, { key, id: 'a', at: door.system.clock.now() }), body);
    expect((await post('timed')).headers.location).not.toBe((await post('other')).headers.location);
    await door[Symbol.asyncDispose]();
  });

  it('stays rejected, even if PingOne would accept it by now', async () => {
    const creates: (Fault | undefined)[] = [{ kind: 'refuse', status: 403, code: 'ACCESS_FAILED' }];
    const { timed, untimed, pass, made, close, bus } = await open({
      sandbox: { faults: { create: () => creates.shift() } },
    });
    await timed('a');
    await pass(60_000);
    creates.push({ kind: 'refuse', status: 403, code: 'ACCESS_FAILED' });
    await untimed();
    await pass(60_000);
    const again = [await timed('a'), await untimed()];
    await pass(60_000);
    expect(states(again)).toEqual(['rejected', 'rejected']);
    expect(states([await timed('a')])).toEqual(['rejected']);
    await pass(60_000);
    expect(made()).toBe(0);
    expect(bus.outcomes.every(({ type }) => type === endpoint.event.replace('Requested', 'Rejected'))).toBe(true);
    // Another message is another request.
    await timed('b');
    await pass(60_000);
    expect(made()).toBe(1);
    await close();
  });

  it('stays denied, even if a grant allows it by now', async () => {
    const { timed, untimed, pass, made, close } = await open();
    const first = [await timed('a', denied), await untimed({}, denied)];
    expect(first.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
    await pass(60_000);
    const again = [await timed('a'), await untimed()];
    expect(states(again)).toEqual(['rejected', 'rejected']);
    await pass(60_000);
    expect(made()).toBe(0);
    await close();
  });

  it('is not rejected by a denial that comes after it was accepted and sent', async () => {
    const { timed, pass, made, close } = await open();
    await timed('a');
    await pass(60_000);
    expect((await timed('a', denied)).statusCode).toBe(403);
    expect(states([await timed('a')])).toEqual(['created']);
    expect(made()).toBe(1);
    await close();
  });

  it.each(['created', 'rejected', 'denied'])(
    'has a key that never expires once it is %s, if no time is signed',
    async (end) => {
      const creates: (Fault | undefined)[] =
        end === 'rejected' ? [{ kind: 'refuse', status: 403, code: 'ACCESS_FAILED' }] : [];
      const { untimed, timed, pass, made, close, system } = await open({
        sandbox: { faults: { create: () => creates.shift() } },
      });
      const { body } = await untimed({}, end === 'denied' ? denied : allowed);
      await pass(60_000);
      const [timedAnswer, untimedAnswer] = [await timed('a'), await untimed()];
      await pass(60_000);
      const expiryOf = async (answer: { readonly body: string }) => {
        const item = await system.table.read(`${endpoint.name}#request#${Object(JSON.parse(answer.body)).id}`);
        return Number(item?.expires) - system.clock.now() / 1000;
      };
      expect(await expiryOf(timedAnswer)).toBeLessThan(36 * 86_400);
      expect(await expiryOf(untimedAnswer)).toBeGreaterThan(1e11);
      const before = made();
      await pass(400 * day);
      expect(states([await untimed()])).toEqual([end === 'created' ? 'created' : 'rejected']);
      await pass(60_000);
      expect(made()).toBe(before);
      expect(body).not.toBe('');
      await close();
    },
  );
});

describe('the keys of a source', () => {
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new Error('there is no endpoint');
  const body = payloadOf(endpoint);
  const open = async (options: SystemOptions = {}) => {
    const door = await openDoor(endpoint, sources, allowed, options);
    const headers = (secret: string) => standardHeaders(body, { key: secret, at: door.system.clock.now() });
    const status = async (secret: string, source = 'timed') =>
      (await door.post(source, headers(secret), body)).statusCode;
    return { ...door, headers, status, close: door[Symbol.asyncDispose] };
  };

  it('rotate without a gap: the old and the new one count, and a new one is found within ten seconds', async () => {
    const { putSecret, status, system, close } = await open();
    putSecret('timed', JSON.stringify({ secrets: [key] }));
    expect([await status(key), await status(other)]).toEqual([202, 401]);
    putSecret('timed', JSON.stringify({ secrets: [key, other] }));
    await system.pass(10_000);
    expect([await status(other), await status(key)]).toEqual([202, 202]);
    putSecret('timed', JSON.stringify({ secrets: [other] }));
    await system.pass(300_000);
    expect([await status(key), await status(other)]).toEqual([401, 202]);
    await close();
  });

  it('are read at most once in ten seconds, however many signatures are wrong', async () => {
    const { putSecret, status, system, close } = await open();
    putSecret('timed', JSON.stringify({ secrets: [key] }));
    for (let nth = 0; nth < 20; nth++) expect(await status(other)).toBe(401);
    expect(system.aws.calls('secretsmanager.GetSecretValue')).toBe(1);
    await system.pass(10_000);
    for (let nth = 0; nth < 20; nth++) expect(await status(other)).toBe(401);
    expect(system.aws.calls('secretsmanager.GetSecretValue')).toBe(2);
    await close();
  });

  it('that cannot be read are our failure: 503 with Retry-After, for a name that does not exist, too', async () => {
    const { post, headers, system, close } = await open({
      intercept: async (_, { service }) =>
        service === 'secretsmanager' ? json(500, { __type: 'InternalServiceError' }) : undefined,
    });
    const answers = [await post('timed', headers(key), body), await post('missing', headers(key), body)];
    expect(answers[0]).toEqual({
      statusCode: 503,
      headers: { 'cache-control': 'no-store', 'retry-after': '30' },
      body: '',
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(system.logged).toContainEqual(expect.objectContaining({ level: 'error', webhookSecret: 'webhooks/timed' }));
    await close();
  });

  it.each([undefined, 'no JSON', '{"secrets":["whsec_short"]}'])(
    'that are missing or unusable (%s) fit no signature, and are an error in our log',
    async (value) => {
      const { putSecret, status, system, close } = await open();
      if (value !== undefined) putSecret('timed', value);
      expect([await status(key), await status(key, 'missing')]).toEqual([401, 401]);
      expect(system.logged).toContainEqual(
        expect.objectContaining({ level: 'error', webhookSecret: 'webhooks/timed' }),
      );
      expect(system.logged).toContainEqual({ level: 'info', webhook: { source: 'timed', refused: 'unusable-secret' } });
      expect(JSON.stringify(system.logged)).not.toContain('whsec_short');
      await close();
    },
  );
});
