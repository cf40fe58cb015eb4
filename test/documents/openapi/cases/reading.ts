import type { Endpoint } from '../../../../lib/endpoints/endpoint.ts';
import type { Fixture } from '../fixture.ts';
import { type Case, sending, type Token } from './sending.ts';

/** Reads the status of a create after a change of its ledger item. */
export const reading =
  (changes?: Readonly<Record<string, unknown>>): Case =>
  async (fixture, endpoint) => {
    const id = await made(fixture, endpoint);
    if (changes) await fixture.write(`${endpoint.name}#request#${id}`, changes);
    return read(fixture, id);
  };

/** Reads the status of a create with this token. */
export const readingWith =
  (token: Token): Case =>
  async (fixture, endpoint) =>
    read(fixture, await made(fixture, endpoint), await token(fixture));

/** Reads an unknown request. */
export const readingNothing: Case = (fixture) => read(fixture, '0'.repeat(64));

const made = async (fixture: Fixture, endpoint: Endpoint) =>
  (await sending()(fixture, endpoint)).headers.get('provisioner-request');

const read = async ({ gateway }: Fixture, id: string | null, token = gateway.accessToken) => {
  const response = await fetch(`${gateway.apiPath}/requests/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
