import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { httpHandler } from '../../lib/http/handler.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { Problem, type ProblemCode } from '../../lib/problems.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import type { Log } from '../../lib/runtime/logger.ts';

const issuer = 'https://issuer.example';
const grants = parseGrants({ version: '1', callers: [callerOfAll('ci', [{ jwt: { issuer, client: 'ci' } }])] });
const context: Context = Object({ awsRequestId: 'a-1', getRemainingTimeInMillis: () => 26_000 });

describe.each(endpoints)('the log of the HTTP door of $name', (endpoint) => {
  /** Sends one create to a door whose dependencies all fail with an error. */
  const linesWhere = async (fails: () => Promise<never>, headers: Record<string, string> = {}) => {
    const lines: Record<string, unknown>[] = [];
    const log: Log = (level, line) => void lines.push({ level, ...line });
    const clock = { ...systemClock, now: () => 0 };
    const ledger = () => openLedger({ read: fails, change: fails }, endpoint.name, 0);
    const accept = acceptWith({ ledger, sqs: new SQSClient(), queueUrl: 'https://sqs.example/q', clock, log });
    const door = httpHandler({
      endpoint,
      grants,
      provision: fails,
      accept,
      tokenRoles: [],
      docsUrl: 'https://docs.example',
      unknownMembers: 'refuse',
      log,
      now: clock.now,
    });
    const requestContext = { authorizer: { jwt: { claims: { iss: issuer, client_id: 'ci' } } } };
    const body = JSON.stringify(endpoint.example.body);
    const sent = { 'content-type': 'application/json', ...headers };
    await door(Object({ headers: sent, requestContext, pathParameters: endpoint.example.parameters, body }), context);
    return lines;
  };
  const failing =
    (code: ProblemCode, facts = {}) =>
    async () => {
      throw new Problem(code, 'It failed.', facts);
    };

  it('has an attempt line for a respond-async request that cannot be queued', async () => {
    const lines = await linesWhere(failing('REQUEST_LIMITED'), { prefer: 'respond-async' });
    expect(lines.flatMap((line) => line.attempt ?? [])).toMatchObject([
      {
        door: 'http',
        caller: 'ci',
        endpoint: endpoint.name,
        outcome: 'failed',
        code: 'LEDGER_UNAVAILABLE',
        status: 503,
      },
    ]);
  });

  it.each([
    ['error', 'what nobody foresaw', async () => Promise.reject(new TypeError('a bug'))],
    ['error', 'an unforeseen problem', failing('UNEXPECTED_ERROR')],
    ['warn', 'a failure that a retry may mend', failing('PINGONE_UNREACHABLE')],
    ['info', 'a refusal', failing('PINGONE_REFUSED', { status: 400 })],
  ])('has the level %s for %s', async (level, _, fails) => {
    expect((await linesWhere(fails)).map((line) => line.level)).toEqual([level]);
  });
});
