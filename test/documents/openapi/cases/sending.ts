import { randomUUID } from 'node:crypto';
import { json } from '../../../../infra/local/loopback/reply.ts';
import type { Endpoint } from '../../../../lib/endpoints/endpoint.ts';
import { type Call, call } from '../../../harness/front-door.ts';
import type { Answer } from '../answers.ts';
import type { Fixture } from '../fixture.ts';

/** Sends the requests that lead to one answer. */
export type Case = (fixture: Fixture, endpoint: Endpoint) => Promise<Answer>;

/** Sends a create with a new name. */
export const sending =
  (of: Call = {}): Case =>
  ({ gateway }, endpoint) =>
    call(gateway, endpoint, { body: fresh(endpoint), ...of });

/** Sends a new create, and its repetition. */
export const once = (endpoint: Endpoint) => ({
  body: fresh(endpoint),
  headers: { 'idempotency-key': randomUUID() },
});

/** Repeats a create after a change of its ledger item. */
export const repeating =
  (changes: Readonly<Record<string, unknown>>): Case =>
  async ({ gateway, write }, endpoint) => {
    const same = once(endpoint);
    const { headers } = await call(gateway, endpoint, same);
    await write(`${endpoint.name}#request#${headers.get('provisioner-request')}`, changes);
    return call(gateway, endpoint, same);
  };

/** Sends a create that PingOne answers with this status. */
export const answeredBy =
  (status: number, headers?: Readonly<Record<string, string>>, sent: Call['headers'] = {}): Case =>
  (fixture, endpoint) => {
    const error = { id: randomUUID(), code: 'REQUEST_FAILED', message: 'The request could not be completed.' };
    return fixture.whilePingOne(
      async () => json(status, error, headers),
      () => sending({ headers: sent })(fixture, endpoint),
    );
  };

/** Sends a create whose answer is lost while PingOne's list can't be read. */
export const unknown =
  (sent?: Call['headers']): Case =>
  (fixture, endpoint) =>
    fixture.whileReads(
      () => json(500, {}),
      () => answeredBy(408, {}, sent)(fixture, endpoint),
    );

/** Sends a create with this token. */
export const sendingWith =
  (token: Token): Case =>
  async (fixture, endpoint) =>
    sending({ headers: { authorization: `Bearer ${await token(fixture)}` } })(fixture, endpoint);

export type Token = (fixture: Fixture) => Promise<string>;

/** The token of a client, with this scope. */
export const tokenOf =
  (clientId: string, scope: string): Token =>
  ({ gateway }) =>
    gateway.issuer.token({ clientId, scope });

const fresh = ({ example }: Endpoint): Readonly<Record<string, unknown>> => ({ ...example.body, name: randomUUID() });
