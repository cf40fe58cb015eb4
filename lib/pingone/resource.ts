import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { valueAt } from '../validation/members.ts';
import { isPingOneError } from './pingone-error.ts';

const resource = z.lazy(() => z.looseObject({ id: z.string().check(z.minLength(1)) }));

/**
 * The id of the endpoint's resource that a body's JSON value is, whatever else of it can be read; nothing where it has no
 * member that tells such resources apart, or is an error, which has an id too.
 */
export const resourceIDIn = (value: unknown, { identity }: Endpoint): string | undefined => {
  const { data } = z.safeParse(resource, value);
  const isOne = identity.some((member) => (valueAt(value, member) ?? null) !== null);
  return data && isOne && !isPingOneError(value) ? data.id : undefined;
};
