import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEndpointQueues } from '../../infra/local/gateway/endpoint-queues.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { httpHandler } from '../../lib/http/handler.ts';
import { requestStatusHandler } from '../../lib/http/request-status.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { type System, startSystem } from '../harness/system.ts';

const issuer = 'https://issuer.example';
const clients = (...names: string[]) => names.map((client) => ({ jwt: { issuer, client } }));
const platform = callerOfAll('platform', clients('ci', 'cd'));
const granted: GrantsDocument = { version: '1', callers: [platform, callerOfAll('another', clients('another'))] };
const withGrants = (change: object): GrantsDocument => ({
  version: '1',
  callers: [{ ...platform, grants: platform.grants.map((grant) => ({ ...grant, ...change })) }],
});

let system: System;
beforeEach(async () => {
  system = await startSystem();
});
afterEach(() => system.close());

const doorOf = (endpoint: Endpoint, grants: GrantsDocument) => {
  const fate = { dies: () => false, sleeps: {}, onDeath: () => {} };
  const { ledger, provision } = system.composed(endpoint, fate);
  const sqs = new SQSClient(system.client);
  const queueUrl = createEndpointQueues(system.aws, endpoint).queue.url;
  const accept = acceptWith({ ledger, sqs, queueUrl, clock: system.clock, log: system.log });
  const common = {
    grants: parseGrants(grants),
    tokenRoles: [],
    docsUrl: 'https://docs.example',
    log: system.log,
    now: system.clock.now,
  };
  const create = httpHandler({
    ...common,
    endpoint,
    provision,
    unknownMembers: 'refuse',
    accept: (request, deadline) => system.clock.during(accept(request, deadline)),
  });
  const status = requestStatusHandler({
    ...common,
    endpoints: [endpoint],
    ledger: () => ledger(0),
    pendingDeployments: () => openPendingDeployments(system.table, endpoint.name),
  });
  return { create, status };
};

const asked = (client: string | undefined, event: object) =>
  Object({
    headers: {},
    isBase64Encoded: false,
    requestContext:
      client === undefined ? {} : { authorizer: { jwt: { claims: { iss: issuer, client_id: client, scope: 's' } } } },
    ...event,
  });

const contextOf = (awsRequestId: string): Context => Object({ awsRequestId, getRemainingTimeInMillis: () => 26_000 });

const ask = async (
  endpoint: Endpoint,
  client: string | undefined,
  grants = granted,
  headers: Record<string, string> = {},
  body = JSON.stringify(endpoint.example.body),
) => {
  const event = asked(client, {
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: endpoint.example.parameters,
    body,
  });
  const answer = Object(await doorOf(endpoint, grants).create(event, contextOf(crypto.randomUUID())));
  return { status: answer.statusCode, headers: Object(answer.headers), json: JSON.parse(answer.body) };
};

const look = async (endpoint: Endpoint, client: string | undefined, id: string) => {
  const event = asked(client, { pathParameters: { id } });
  const { statusCode } = Object(await doorOf(endpoint, granted).status(event, contextOf('s')));
  return statusCode;
};

/** The members that a grant can limit in a body, with a covered and an uncovered value. */
const narrowed = [
  { limit: 'names', grant: ['ours-*'], ours: 'ours-1', theirs: 'theirs' },
  {
    limit: 'pathPrefixes',
    grant: ['/ours'],
    ours: [{ type: 'EXACT', pattern: '/ours/a' }],
    theirs: [{ type: 'EXACT', pattern: '/theirs' }],
  },
] as const;

const attempts = () => system.logged.flatMap((line) => Object(line).attempt ?? []);

describe.each(endpoints)('the HTTP door of $name', (endpoint) => {
  it('rejects a caller without authentication, and a caller without grants', async () => {
    for (const client of [undefined, 'stranger']) {
      expect(await ask(endpoint, client)).toMatchObject({
        status: 403,
        json: {
          type: 'https://docs.example#ACCESS_FAILED',
          code: 'ACCESS_FAILED',
          details: [{ code: 'INSUFFICIENT_PERMISSIONS', innerError: { dimension: 'principal' } }],
        },
      });
    }
    expect(system.sandbox.requests).toEqual([]);
    expect(system.aws.requests).toEqual([]);
    expect(attempts()).toMatchObject([
      { door: 'http', outcome: 'denied', code: 'ACCESS_FAILED', status: 403, dimension: 'principal', sends: 0 },
      { principal: `jwt:${issuer}:client:stranger` },
    ]);
  });

  it.each([
    ['environment', { environments: [crypto.randomUUID()] }],
    ['production', { production: false }],
    ['expired', { expires: '2001-01-01T00:00:00Z' }],
  ])('names the dimension %s if it denies, and sends nothing', async (dimension, change) => {
    const { status, json } = await ask(endpoint, 'ci', withGrants(change));
    expect([status, json.details[0].innerError]).toEqual([403, { dimension }]);
    expect(system.sandbox.requests).toEqual([]);
    expect(attempts()).toMatchObject([{ caller: 'platform', closest: 'all', dimension, outcome: 'denied' }]);
    expect(JSON.stringify(json)).not.toContain('platform');
  });

  it('logs the grant that allowed the request, and the caller', async () => {
    const trace = '1-67891233-abcdef012345678912345678';
    expect(await ask(endpoint, 'ci', granted, { 'x-amzn-trace-id': `Root=${trace};Sampled=1` })).toMatchObject({
      status: 201,
    });
    expect(attempts()).toMatchObject([
      {
        door: 'http',
        caller: 'platform',
        principal: `jwt:${issuer}:client:ci`,
        grant: 'all',
        trace,
        outcome: 'created',
      },
    ]);
  });

  it('checks a replay against the grants again', async () => {
    const key = { 'idempotency-key': 'k' };
    expect(await ask(endpoint, 'ci', granted, key)).toMatchObject({ status: 201 });
    expect(await ask(endpoint, 'ci', withGrants({ production: false }), key)).toMatchObject({ status: 403 });
    expect(await ask(endpoint, 'ci', granted, key)).toMatchObject({
      status: 201,
      headers: { 'provisioner-outcome': 'replayed' },
    });
  });

  const limits = narrowed.flatMap(({ limit, ...values }) => {
    const member = String(endpoint.grants[limit] ?? '').replace('body.', '');
    return member === '' ? [] : [{ limit, member, ...values }];
  });
  it.each(limits)(
    'checks $limit on the value that PingOne gets, if a body repeats the member',
    async ({ limit, grant, member, ...values }) => {
      const grants = withGrants({ [limit]: grant });
      const both = (first: unknown, second: unknown) =>
        JSON.stringify(endpoint.example.body).replace(
          /}$/,
          `,"${member}":${JSON.stringify(first)},"${member}":${JSON.stringify(second)}}`,
        );
      expect(await ask(endpoint, 'ci', grants, {}, both(values.ours, values.theirs))).toMatchObject({ status: 403 });
      expect(system.sandbox.requests).toEqual([]);
      expect(await ask(endpoint, 'ci', grants, {}, both(values.theirs, values.ours))).toMatchObject({ status: 201 });
      const sent = system.sandbox.requests.at(-1)?.body ?? '';
      expect(JSON.parse(sent)).toMatchObject({ [member]: values.ours });
      expect(sent).not.toContain('theirs');
    },
  );

  it("shares a caller's requests among its principals, and with no other caller", async () => {
    const key = { 'idempotency-key': 'k' };
    const first = await ask(endpoint, 'ci', granted, key);
    const second = await ask(endpoint, 'cd', granted, key);
    expect(second.headers).toMatchObject({
      'provisioner-outcome': 'replayed',
      'provisioner-request': first.headers['provisioner-request'],
    });
    const id = first.headers['provisioner-request'];
    expect(await look(endpoint, 'cd', id)).toBe(200);
    for (const stranger of ['another', 'nobody', undefined]) expect(await look(endpoint, stranger, id)).toBe(404);
  });

  it('logs an attempt line for a respond-async request', async () => {
    expect(await ask(endpoint, 'ci', granted, { prefer: 'respond-async' })).toMatchObject({ status: 202 });
    expect(attempts()).toMatchObject([
      { outcome: 'accepted', grant: 'all', request: expect.stringMatching(/^[\da-f]{64}$/) },
    ]);
  });
});
