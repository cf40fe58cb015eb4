import { secretName } from '../../../../infra/local/lambda/environment.ts';
import type { Outgoing } from '../../../../infra/local/loopback/outgoing.ts';
import { json } from '../../../../infra/local/loopback/reply.ts';
import type { Answer } from '../answers.ts';
import { type Fixture, startFixture } from '../fixture.ts';
import { type Token, tokenOf } from './sending.ts';

/** Produces an answer to a read of a path below `apiPath`. */
export type ReadCase = (fixture: Fixture, path: string) => Promise<Answer>;

const read = async ({ gateway }: Fixture, path: string, token = gateway.accessToken): Promise<Answer> => {
  const response = await fetch(gateway.apiPath + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const readingWith =
  (token: Token): ReadCase =>
  async (fixture, path) =>
    read(fixture, path, await token(fixture));

/** Reads while PingOne answers so. */
const whilePingOne =
  (answer: Outgoing): ReadCase =>
  (fixture, path) =>
    fixture.whileReads(
      () => answer,
      () => read(fixture, path),
    );

const refusing = (status: number, headers?: Readonly<Record<string, string>>) =>
  whilePingOne(json(status, { id: 'x', code: 'REQUEST_FAILED', message: 'As PingOne says it.' }, headers));

/** Every answer to a read of a resource or an environment, by status (or class) and problem. */
export const readCases: Readonly<Record<string, ReadCase>> = {
  '200': read,
  '400 INVALID_DATA': (fixture, path) => read(fixture, path.replace(/environments\/[^/]+/, 'environments/x')),
  '401 API Gateway': readingWith(async () => 'nonsense'),
  '403 ACCESS_FAILED': readingWith(tokenOf('stranger', 'provision')),
  '403 API Gateway': readingWith(tokenOf('local', 'other')),
  ...Object.fromEntries([400, 403].map((status) => [`${status} PINGONE_REFUSED`, refusing(status)])),
  '4XX PINGONE_REFUSED': refusing(404),
  '429 REQUEST_LIMITED': refusing(429, { 'retry-after': '7' }),
  '502 PINGONE_ACCESS_FAILED': refusing(401),
  '503 PINGONE_UNREACHABLE': async (_, path) => {
    const own = await startFixture();
    const nowhere = { ...own.gateway.sandbox.secret, apiBase: 'http://127.0.0.1:1/v1' };
    own.gateway.aws.secretsManager.put(secretName, JSON.stringify(nowhere));
    const answer = await read(own, path);
    await own.close();
    return answer;
  },
};

/** The same for a list. */
export const listCases: Readonly<Record<string, ReadCase>> = {
  ...readCases,
  '502 LIST_INCOMPLETE': whilePingOne('reset'),
};

/** Answers of AWS only, and the one to a defect of the gateway. */
export const onlyOtherwise = [
  '429 API Gateway',
  '4XX API Gateway',
  '500 API Gateway',
  '500 UNEXPECTED_ERROR',
  '503 API Gateway',
];
