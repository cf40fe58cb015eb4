import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { requestIDOf } from '../../lib/provision/identity.ts';
import { requestKey } from './ledger-view.ts';
import type { Program } from './program.ts';

/** Who sends a request until it is done: a caller over HTTP, or a queue. */
export interface Sender {
  readonly name: string;
  /** Equal for those alone that send the same. */
  readonly id: string;
  readonly door: 'http' | 'accept' | 'queue';
  /** The key of its request's item; undefined where it has no key of its own. */
  readonly request: string | undefined;
  /** Whether it gives up where its request is rejected for good. */
  readonly givesUp: boolean;
  /** How far one of its functions' clocks is ahead, in milliseconds. */
  readonly aheadMs: number;
  /** Its `nth` attempt. */
  attempt(nth: number): Program;
}

/** What it asks for; the documented example by default. */
export interface Asking {
  readonly key?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly givesUp?: boolean;
  /** Whether its grant says to deploy after its create. */
  readonly deploysAfter?: boolean;
  /** How far the clocks of the functions that its attempts meet are ahead, in milliseconds; the last is for all others. */
  readonly skewMs?: readonly number[];
  /** The id of the event that a queue has, or of a webhook. */
  readonly event?: string;
  /** The message of an accepted request that a queue has. */
  readonly message?: string;
}

export const caller = 'alice';

export const senderOf = (name: string, door: Sender['door'], asking: Asking, attempt: Sender['attempt']): Sender => {
  const { key, skewMs = [], givesUp = false } = asking;
  const { parameters } = endpoint.example;
  return {
    name,
    id: `${name} ${JSON.stringify(asking)}`,
    door,
    request: key === undefined ? undefined : requestKey(requestIDOf(caller, endpoint, parameters, key)),
    givesUp,
    aheadMs: Math.max(0, ...skewMs),
    attempt,
  };
};
