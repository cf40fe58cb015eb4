import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { deployHandler } from '../../lib/http/deploy.ts';
import { LedgerUnavailable } from '../../lib/ledger/table.ts';
import { AnswerLost } from '../../lib/runtime/connection.ts';
import { deployment, endpoint } from '../harness/deployable-endpoint.ts';
import { answer, now, type Script, scripted, service, state, successful } from '../harness/scripted-deployments.ts';

/** One call of the deployment's path, with each answer of PingOne. */

const issuer = 'https://issuer.example';
const callerWith = (name: string, more: object) => {
  const caller = callerOfAll(name, [{ jwt: { issuer, client: name } }]);
  return { ...caller, grants: caller.grants.map((grant) => ({ ...grant, ...more })) };
};
const grants = parseGrants({
  version: '1',
  callers: [
    callerWith('deployer', { actions: ['create'] }),
    callerWith('reader', { actions: ['read'], deploy: undefined }),
    callerWith('creator', { actions: ['create'], deploy: undefined }),
  ],
});

interface Call extends Script {
  readonly method?: 'GET' | 'POST';
  readonly client?: string;
  readonly type?: string | undefined;
  readonly body?: string;
  readonly ledgerFails?: Error;
}

/** The answer to a call whose function has 30 s, and its line. */
const called = async (call: Call) => {
  const { method = 'POST', client = 'deployer', type = deployment.contentType, body, ledgerFails, ...script } = call;
  const { parts, calls, deployments, deadlines, logged } = scripted(script);
  const handler = deployHandler({
    ...parts,
    ...(ledgerFails && {
      deployments: () => {
        throw ledgerFails;
      },
    }),
    endpoint,
    grants,
    tokenRoles: [],
    docsUrl: 'https://docs.example',
  });
  const event = {
    headers: type === '' ? {} : { 'content-type': type },
    requestContext: { http: { method }, authorizer: { jwt: { claims: { iss: issuer, client_id: client } } } },
    pathParameters: endpoint.example.parameters,
    body,
  };
  const context = { awsRequestId: 'a', getRemainingTimeInMillis: () => 30_000 };
  const answered = Object(await handler(Object(event), Object(context)));
  const lines = logged.map((line) => Object(line)[1]);
  return { status: answered.statusCode, json: JSON.parse(answered.body), calls, deployments, deadlines, lines };
};

describe('a call to deploy', () => {
  it("is answered in time before the function's end", async () => {
    const lost = await called({ sent: [new AnswerLost('reset')], read: [successful] });
    expect([lost.status, lost.json]).toMatchObject([200, { status: { code: 'DEPLOYMENT_SUCCESSFUL' } }]);
    expect(lost.deployments).toEqual([{ path: service.path, timeoutMs: 22_000 }]);
    expect([lost.deadlines.ledger, lost.deadlines.read]).toEqual([[now + 28_000], [now + 28_000]]);
  });

  it.each<[string, string | undefined, string]>([
    ['text/plain', undefined, '"text/plain"'],
    ['', undefined, '""'],
    ['x'.repeat(100), undefined, JSON.stringify('x'.repeat(80))],
    ['application/json', '{}', 'application/json with a body'],
  ])('is refused with the content type %j and the body %j', async (type, body, given) => {
    const { status, json, calls } = await called({ type, ...(body !== undefined && { body }) });
    expect([status, calls]).toEqual([415, []]);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(json.message).toBe(
      `Content-Type must be ${deployment.contentType}, or application/json without a body; it is ${given}.`,
    );
  });

  it.each([
    [` ${deployment.contentType.toUpperCase()} ; charset=utf-8`, '{}'],
    ['application/json', undefined],
    ['Application/JSON; charset=utf-8', ''],
  ])('may have the content type %j and the body %j', async (type, body) => {
    const { status, calls } = await called({ type, ...(body !== undefined && { body }), sent: [successful] });
    expect([status, calls]).toEqual([200, ['deploy']]);
  });

  it('is denied without a grant for it', async () => {
    for (const client of ['reader', 'creator', 'unknown']) {
      const { status, calls, lines } = await called({ client });
      expect([status, calls]).toEqual([403, []]);
      expect(lines).toContainEqual({ deployment: expect.objectContaining({ door: 'http', outcome: 'denied' }) });
    }
  });

  it('says that nothing was deployed if the ledger fails', async () => {
    const ended = await called({ ledgerFails: new LedgerUnavailable('no ledger') });
    expect([ended.status, ended.json]).toMatchObject([503, { code: 'LEDGER_UNAVAILABLE' }]);
    const other = await called({ ledgerFails: new Error('x') });
    expect([other.status, other.json]).toMatchObject([500, { code: 'UNEXPECTED_ERROR' }]);
  });

  it('is answered with the refusal of PingOne', async () => {
    const { status, json } = await called({ sent: [answer(404)] });
    expect([status, json]).toMatchObject([404, { code: 'NOT_FOUND' }]);
  });
});

describe('a call to read the state', () => {
  it.each([
    ['deployer', 200],
    ['reader', 200],
    ['creator', 403],
    ['unknown', 403],
  ])('by %s is %i, with one line', async (client, expected) => {
    const { status, calls, deadlines, lines } = await called({ method: 'GET', type: '', client, read: [successful] });
    const isRead = expected === 200;
    expect([status, calls]).toEqual([expected, isRead ? ['read'] : []]);
    expect(deadlines.read).toEqual(isRead ? [now + 28_000] : []);
    const own = { resource: 'deployment', outcome: isRead ? 'read' : 'denied' };
    expect(lines).toContainEqual({ read: expect.objectContaining(own) });
    if (isRead) expect(lines).toContainEqual({ read: expect.objectContaining({ grant: 'all' }) });
  });

  it('passes on each state, and no other answer', async () => {
    const running = await called({ method: 'GET', read: [state('DEPLOYMENT_IN_PROGRESS')] });
    expect([running.status, running.json]).toEqual([200, { status: { code: 'DEPLOYMENT_IN_PROGRESS' } }]);
    const redirected = await called({ method: 'GET', read: [answer(302)] });
    expect([redirected.status, redirected.json]).toMatchObject([503, { code: 'PINGONE_UNREACHABLE' }]);
  });
});
