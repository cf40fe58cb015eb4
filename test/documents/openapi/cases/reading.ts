import type { Endpoint } from '../../../../lib/endpoints/endpoint.ts';
import type { Fixture } from '../fixture.ts';
import { type Case, sending, type Token } from './sending.ts';

/** Reads what became of a create that was done, after the ledger's item of it was changed. */
export const reading =
  (changes?: Readonly<Record<string, unknown>>): Case =>
  async (fixture, endpoint) => {
    const id = await made(fixture, endpoint);
    if (changes) await fixture.write(`${endpoint.name}#request#${id}`, changes);
    return read(fixture, id);
  };

/** Reads what became of a create that was done, with this token. */
export const readingWith =
  (token: Token): Case =>
  async (fixture, endpoint) =>
    read(fixture, await made(fixture, endpoint), await token(fixture));

/** Reads a request that there isn't. */
export const readingNothing: Case = (fixture) => read(fixture, '0'.repeat(64));

const made = async (fixture: Fixture, endpoint: Endpoint) =>
  (await sending()(fixture, endpoint)).headers.get('provisioner-request');

const read = async ({ gateway }: Fixture, id: string | null, token = gateway.accessToken) => {
  const response = await fetch(`${gateway.apiPath}/requests/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
