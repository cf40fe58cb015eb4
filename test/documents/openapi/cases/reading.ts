import type { Endpoint } from '../../../../lib/endpoints/endpoint.ts';
import type { Scene } from '../gateway.ts';
import { sending, type Token, type Way } from './sending.ts';

/** Reads what became of a create that was done, after the ledger's item of it was changed. */
export const reading =
  (changes?: Readonly<Record<string, unknown>>): Way =>
  async (scene, endpoint) => {
    const id = await made(scene, endpoint);
    if (changes) await scene.write(`${endpoint.name}#request#${id}`, changes);
    return read(scene, id);
  };

/** Reads what became of a create that was done, with this token. */
export const readingWith =
  (token: Token): Way =>
  async (scene, endpoint) =>
    read(scene, await made(scene, endpoint), await token(scene));

/** Reads a request that there isn't. */
export const readingNothing: Way = (scene) => read(scene, '0'.repeat(64));

const made = async (scene: Scene, endpoint: Endpoint) =>
  (await sending()(scene, endpoint)).headers.get('provisioner-request');

const read = async ({ gateway }: Scene, id: string | null, token = gateway.accessToken) => {
  const response = await fetch(`${gateway.apiPath}/requests/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
