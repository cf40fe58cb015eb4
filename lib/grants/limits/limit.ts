import * as z from 'zod/mini';
import { strictText } from '../../validation/text-forms.ts';

/** A kind of limit of a grant, as a function checks it. */
export interface Limit<Granted> {
  /** The member of a grant, and of an endpoint's `grants`, which says what it looks at. */
  readonly name: string;
  /** What a denial calls it. */
  readonly dimension: string;
  /** Why a denial says that no grant fits. */
  readonly denial: string;
  /** Whether a grant allows what a request has at the places that the endpoint names. */
  readonly allows: (grant: Granted, ...values: readonly unknown[]) => boolean;
}

/** The same kind as a person writes it; no function needs this at run time. */
export interface WrittenLimit<Schema extends z.core.$ZodType> {
  /** Of the member in a grants document. */
  readonly schema: () => Schema;
  /** What a grant without the member allows, in words; undefined where every grant must have it. */
  readonly unlessGiven?: string;
  /** What allows everything. */
  readonly everything: z.input<Schema>;
  /** Of `npm run grants -- explain`: says what a request has there. */
  readonly flag: {
    readonly name: string;
    readonly type: 'string' | 'boolean';
    readonly multiple?: boolean;
    readonly argument?: string;
    /** For `--help`, in lines of at most 80 characters. */
    readonly help: readonly string[];
    /** What the request has then. Throws ZodError. */
    readonly value: (given: readonly string[]) => unknown;
  };
}

/** At least one item. */
export const some = <Item extends z.core.$ZodType>(item: Item) => z.array(item).check(z.minLength(1));

/** A text, exact or ending in `*`. */
export const pattern = () =>
  z.string().check(z.minLength(1), z.regex(/^[^*]*\*?$/, 'must be exact, or have a single * at its very end'));

/** PingOne's ids are UUIDs; only the lower-cased form is compared. */
export const id = () => z.guid().check(z.toLowerCase());

/** An id, or `*` for every one. */
export const idOrAll = () =>
  z.string().check(
    z.refine((text) => text === '*' || z.safeParse(id(), text).success, {
      error: 'must be a UUID, or * for every one',
    }),
    z.toLowerCase(),
  );

export const coversID = (granted: readonly string[] = [], value: unknown): boolean =>
  typeof value === 'string' && (granted.includes('*') || granted.includes(value));

/** Compares a text as it was sent, and as PingOne may store it. */
export const matchesPattern = (granted: readonly string[] = [], value: unknown): boolean =>
  typeof value === 'string' && granted.some((each) => isMatch(each, value) && isMatch(each, strictText(value)));

const isMatch = (granted: string, value: string): boolean =>
  granted.endsWith('*') ? value.startsWith(granted.slice(0, -1)) : value === granted;
