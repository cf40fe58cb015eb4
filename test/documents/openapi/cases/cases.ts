import { randomUUID } from 'node:crypto';
import { secretName } from '../../../../infra/local/lambda/environment.ts';
import { json } from '../../../../infra/local/loopback/reply.ts';
import { nameIDsOf } from '../../../../lib/provision/identity.ts';
import { call } from '../../../harness/front-door.ts';
import type { Answer } from '../answers.ts';
import { reading, readingNothing, readingWith } from './reading.ts';
import { answeredBy, type Case, once, repeating, sending, sendingWith, tokenOf, unknown } from './sending.ts';

/** Cases that produce the answers of each kind of operation, by status (or class) and problem. */
export interface Cases {
  readonly create: Readonly<Record<string, Case>>;
  readonly read: Readonly<Record<string, Case>>;
}

/** The last case breaks the gateway. */
export const cases: Cases = {
  create: {
    '201': sending(),
    '202': sending({ headers: { prefer: 'respond-async' } }),
    '400 INVALID_DATA': sending({ body: {} }),
    '400 INVALID_REQUEST': sending({ body: '{' }),
    '401 API Gateway': sendingWith(async () => 'nonsense'),
    '403 ACCESS_FAILED': sendingWith(tokenOf('stranger', 'provision')),
    '403 API Gateway': sendingWith(tokenOf('local', 'other')),
    '409 REQUEST_IN_PROGRESS': async ({ gateway, whilePingOne }, endpoint) => {
      const same = once(endpoint);
      let repeated: Promise<Answer> | undefined;
      const answers = async () => {
        repeated ??= call(gateway, endpoint, same);
        await repeated;
        return undefined;
      };
      const first = await whilePingOne(answers, () => call(gateway, endpoint, same));
      return repeated ?? first;
    },
    '429 NAME_BUSY': async ({ gateway, whilePingOne }, endpoint) => {
      const { body } = once(endpoint);
      let other: Promise<Answer> | undefined;
      const answers = async () => {
        other ??= call(gateway, endpoint, { body });
        await other;
        return undefined;
      };
      const first = await whilePingOne(answers, () => call(gateway, endpoint, { body }));
      return other ?? first;
    },
    '409 NAME_EXHAUSTED': async ({ gateway, write }, endpoint) => {
      const { body } = once(endpoint);
      const { name } = nameIDsOf(endpoint, endpoint.example.parameters, body);
      const taken = Array.from({ length: 1_000 }, (_, index) => [`taken ${index}`, 'another']);
      await write(`${endpoint.name}#name#${name}`, Object.fromEntries(taken));
      return call(gateway, endpoint, { body });
    },
    '410 RESOURCE_GONE': repeating({ resource: 'gone', updatedAt: 0 }),
    '413 INVALID_REQUEST': sending({ body: ' '.repeat(1_048_577) }),
    '413 API Gateway': sending({ body: new Uint8Array(10 * 1024 * 1024 + 1) }),
    '415 INVALID_REQUEST': sending({ headers: { 'content-type': 'text/plain' } }),
    '422 KEY_REUSED': repeating({ fingerprint: 'of another body' }),
    '429 REQUEST_LIMITED': answeredBy(429, { 'retry-after': '100' }),
    '500 UNEXPECTED_ERROR': repeating({ state: 'none that there is' }),
    '502 PINGONE_ACCESS_FAILED': answeredBy(401),
    '503 OUTCOME_UNKNOWN': unknown(),
    '504 OUTCOME_UNKNOWN': unknown({ 'idempotency-key': randomUUID() }),
    ...Object.fromEntries(
      [400, 403, 409, 410, 413, 415, 422].map((status) => [`${status} PINGONE_REFUSED`, answeredBy(status)]),
    ),
    '4XX PINGONE_REFUSED': answeredBy(404),
    '503 ENVIRONMENT_NEW': (fixture, endpoint) =>
      fixture.whileReads(
        () => json(200, { id: 'x', createdAt: new Date().toISOString() }),
        () => answeredBy(403)(fixture, endpoint),
      ),
    '503 LEDGER_UNAVAILABLE': (fixture, endpoint) => fixture.without('dynamoDB', () => sending()(fixture, endpoint)),
    '503 QUEUE_UNAVAILABLE': (fixture, endpoint) =>
      fixture.without('sqs', () => sending({ headers: { prefer: 'respond-async' } })(fixture, endpoint)),
    '503 PINGONE_UNREACHABLE': (fixture, endpoint) => {
      const { aws, sandbox } = fixture.gateway;
      const nowhere = { ...sandbox.secret, clientSecret: 'new', authBase: 'http://127.0.0.1:1' };
      aws.secretsManager.put(secretName, JSON.stringify(nowhere));
      sandbox.application.rotateSecret();
      sandbox.application.revokeTokens();
      return sending()(fixture, endpoint);
    },
  },
  read: {
    '200': reading(),
    '401 API Gateway': readingWith(async () => 'nonsense'),
    '403 API Gateway': readingWith(tokenOf('local', 'other')),
    '404 NOT_FOUND': readingNothing,
    '500 UNEXPECTED_ERROR': reading({ createdAt: 9e15 }),
    '503 LEDGER_UNAVAILABLE': (fixture, endpoint) =>
      fixture.without('dynamoDB', () => readingNothing(fixture, endpoint)),
  },
};

/** Answers of AWS only: the local run limits no requests, and no function breaks or stalls. */
export const onlyOnAws: Readonly<Record<keyof Cases, readonly string[]>> = {
  create: ['429 API Gateway', '4XX API Gateway', '500 API Gateway', '503 API Gateway'],
  read: ['429 API Gateway', '500 API Gateway', '503 API Gateway'],
};
