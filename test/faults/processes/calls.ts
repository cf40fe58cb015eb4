import { fillPath } from '../../../lib/endpoints/path.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { Intent } from '../intents.ts';
import type { World } from './world.ts';

/** The answer to a caller; undefined if the caller hangs up or the connection fails. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown } | undefined;

export interface CallOptions {
  readonly key: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts when the caller hangs up. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends the create of an intent; records.ts finds the intent of the invocation by `x-intent`. */
export const ask = (
  world: World,
  { endpoint, body, caller, number }: Intent,
  { key, headers = {}, signal }: CallOptions,
): Promise<Answer> =>
  fetchAs(world, caller, `/v1${fillPath(endpoint.path, endpoint.example.parameters)}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-intent': String(number),
      ...(key !== undefined && { 'idempotency-key': `"${key}"` }),
      ...headers,
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

/** Asks for the status of a request, by the path that its 202 named. */
export const askStatus = (world: World, { caller }: Intent, path: string): Promise<Answer> =>
  fetchAs(world, caller, path, {});

const fetchAs = async (world: World, caller: string, path: string, init: RequestInit): Promise<Answer> => {
  const authorization = world.authorizationOf(caller);
  try {
    const response = await fetch(world.url + path, { ...init, headers: { ...init.headers, authorization } });
    return { status: response.status, headers: response.headers, body: await response.json() };
  } catch {
    return undefined;
  }
};

/** A member of a body, if it is a string. */
export const textIn = (body: unknown, member: string): string | undefined => {
  const value = valueAt(body, member);
  return typeof value === 'string' ? value : undefined;
};
