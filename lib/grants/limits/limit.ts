import * as z from 'zod/mini';
import { strictText } from '../../validation/text-forms.ts';

/** A kind of limit, as a function checks it. */
export interface Limit<Granted> {
  /** Its member in a grant, and in an endpoint's `grants`, which names the request members to check. */
  readonly name: string;
  /** Its name in a denial. */
  readonly dimension: string;
  /** The reason in a denial. */
  readonly denial: string;
  /** Whether it limits only what is sent, and not what is read. */
  readonly isOfSent?: boolean;
  /** Whether a grant allows a request's values at the places that the endpoint names. */
  readonly allows: (grant: Granted, ...values: readonly unknown[]) => boolean;
}

/** The same kind of limit, as written in a grants document; not needed at run time. */
export interface WrittenLimit<Schema extends z.core.$ZodType> {
  /** Schema of its member in a grants document. */
  readonly schema: () => Schema;
  /** Whether a grant may leave the member out, although its endpoint has the limit. */
  readonly isOptional?: boolean;
  /** The value that allows everything. */
  readonly everything: z.input<Schema>;
  /** Its flag of `npm run grants -- explain`, which gives the request's value. */
  readonly flag: {
    readonly name: string;
    readonly type: 'string' | 'boolean';
    readonly multiple?: boolean;
    readonly argument?: string;
    /** For `--help`, in lines of at most 80 characters. */
    readonly help: readonly string[];
    /** The request's value for the flag's arguments. @throws ZodError */
    readonly value: (given: readonly string[]) => unknown;
  };
}

/** At least one item. */
export const some = <Item extends z.core.$ZodType>(item: Item) => z.array(item).check(z.minLength(1));

/** A text, exact or ending in `*`. */
export const pattern = () =>
  z.string().check(z.minLength(1), z.regex(/^[^*]*\*?$/, 'must be exact or end in a single *'));

/** PingOne's ids are UUIDs; only the lower-cased form is compared. */
export const id = () => z.guid().check(z.toLowerCase());

/** An id, or `*` for all. */
export const idOrAll = () =>
  z.string().check(
    z.refine((text) => text === '*' || z.safeParse(id(), text).success, {
      error: 'must be a UUID, or * for all',
    }),
    z.toLowerCase(),
  );

export const coversID = (granted: readonly string[] = [], value: unknown): boolean =>
  typeof value === 'string' && (granted.includes('*') || granted.includes(value));

/** Compares a text both as sent and as PingOne may store it. */
export const matchesPattern = (granted: readonly string[] = [], value: unknown): boolean =>
  typeof value === 'string' && granted.some((each) => isMatch(each, value) && isMatch(each, strictText(value)));

const isMatch = (granted: string, value: string): boolean =>
  granted.endsWith('*') ? value.startsWith(granted.slice(0, -1)) : value === granted;
