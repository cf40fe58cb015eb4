import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Problem } from '../problems.ts';
import type { Sender } from './authenticated.ts';
import { type Authorization, authorize } from './authorize.ts';
import { callerOf } from './decide.ts';
import type { Grants } from './document.ts';
import { type AccessRequest, firstFailure } from './first-failure.ts';

/** A collection of an endpoint. */
export type Collection = Pick<AccessRequest, 'parameters'> & { readonly endpoint: Endpoint };

/** What a sender may read in a collection. */
export interface Reader {
  /** Whether it may read anything there. */
  readonly authorization: Authorization;
  /** How it may read a resource, or the denial. */
  readonly sight: (resource: Readonly<Record<string, unknown>>) => 'secrets' | 'masked' | Problem;
}

/** Decides what a sender may read in a collection; `now` is in milliseconds since the epoch. */
export const readerOf = (grants: Grants, sender: Sender, { endpoint, parameters }: Collection, now: number): Reader => {
  const request = { endpoint, action: 'read', parameters } as const;
  const own = callerOf(grants, sender)?.grants ?? [];
  return {
    authorization: authorize(grants, sender, request, now),
    sight: (body) => {
      const { denied } = authorize(grants, sender, { ...request, body }, now);
      if (denied) return denied;
      const isPlain = own.some((grant) => grant.secrets && !firstFailure(grant, { ...request, body }, grants, now));
      return isPlain ? 'secrets' : 'masked';
    },
  };
};
