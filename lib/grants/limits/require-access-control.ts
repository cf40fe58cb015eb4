import * as z from 'zod/mini';
import { valueAt } from '../../validation/members.ts';
import type { Limit, WrittenLimit } from './limit.ts';

const schema = () => z.boolean();

/** Whether a new resource must restrict its users by an id; one id in any of the places is enough. */
export const requireAccessControl: Limit<{ readonly requireAccessControl?: boolean | undefined }> = {
  name: 'requireAccessControl',
  dimension: 'accessControl',
  denial: 'the caller must send an accessControl with the id of a group, permission or scope',
  isOfSent: true,
  allows: (grant, ...values) => grant.requireAccessControl === false || values.some(hasID),
};

/** Whether a value is an id, has an `id`, or is an array with one of these. An id without a letter or digit is blank. */
const hasID = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(hasID) : isID(value) || isID(valueAt(value, 'id'));

const isID = (value: unknown): boolean => typeof value === 'string' && /[\p{L}\p{N}]/u.test(value);

export const writtenRequireAccessControl: WrittenLimit<ReturnType<typeof schema>> = {
  schema,
  isOptional: true,
  everything: false,
  flag: {
    name: 'access-control',
    type: 'boolean',
    help: ['the request names a group, permission or scope'],
    value: () => 'some-id',
  },
};
