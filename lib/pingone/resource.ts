import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { valueAt } from '../validation/members.ts';
import { isPingOneError } from './pingone-error.ts';

const resource = z.lazy(() => z.looseObject({ id: z.string().check(z.minLength(1)) }));

/**
 * The id of a resource in a body's JSON value, regardless of its other members. Undefined if no identity member of the endpoint
 * is present, or the value is a PingOne error, which has an id, too.
 */
export const resourceIDIn = (value: unknown, { identity }: Endpoint): string | undefined => {
  const { data } = z.safeParse(resource, value);
  const isOne = identity.some((member) => (valueAt(value, member) ?? null) !== null);
  return data && isOne && !isPingOneError(value) ? data.id : undefined;
};
