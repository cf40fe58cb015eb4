import * as z from 'zod/mini';
import { GatewayError } from '../problems.ts';
import { type Answer, jsonOf } from '../runtime/connection.ts';
import { lenient } from './lenient.ts';
import { isPingOneError } from './pingone-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** Thrown when a collection could not be read to its end: an absent resource may exist. */
export class ListIncomplete extends GatewayError {
  override readonly name = 'ListIncomplete';
  /** How long PingOne asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, askedMs?: number) {
    super(message);
    this.retryAfterMs = askedMs;
  }
}

/** One row, parsed leniently: an unreadable member is left out, even the id, and the row stays. */
const row = z.lazy(() =>
  z.looseObject({
    id: lenient(z.string().check(z.minLength(1))),
    createdAt: lenient(z.union([z.string(), z.number()])),
  }),
);

export type Resource = z.output<typeof row>;

const link = () => z.looseObject({ href: z.string() });

/** A page of a list. Its link to the next page must be readable. */
const page = z.lazy(() =>
  z.looseObject({
    _embedded: z.nullish(z.record(z.string(), z.unknown())),
    _links: z.nullish(z.looseObject({ self: lenient(link()), next: z.nullish(link()) })),
  }),
);

type Page = z.output<typeof page>;

const maximumPages = 50;

/**
 * Reads a collection page by page. PingOne documents no paging here; a link outside the collection is not followed.
 * @throws ListIncomplete if an answer is not a list of this collection, or a list reports more resources than it shows
 */
export const listPages = async (
  path: string,
  get: (path: string) => Promise<Answer>,
  now: () => number,
): Promise<readonly Resource[]> => {
  const resources: Resource[] = [];
  let next = path;
  for (let pages = 0; pages < maximumPages; pages++) {
    const answer = await get(next);
    const { rows, href, count, size } = pageIn(answer, path) ?? {};
    if (!rows) {
      const message = `PingOne answered ${answer.status} without a list of this collection`;
      throw new ListIncomplete(message, retryAfterMs(answer, now()));
    }
    resources.push(...rows);
    if (href !== undefined) {
      next = sameCollection(href, path);
      continue;
    }
    if (isMore(count ?? (pages === 0 ? size : undefined), resources.length))
      throw new ListIncomplete(`PingOne's list shows ${resources.length} resources and reports more`);
    return resources;
  }
  throw new ListIncomplete(`PingOne's list has more than ${maximumPages} pages`);
};

/** Rows, next link and counts of a page; undefined if an answer is not a page of the collection. */
const pageIn = ({ status, body }: Answer, path: string) => {
  const value = jsonOf(body);
  const { data } = z.safeParse(page, value);
  if (status !== 200 || !data || isPingOneError(value)) return undefined;
  const collection = path.slice(path.lastIndexOf('/') + 1);
  const embedded = data._embedded?.[collection] ?? (isEmpty(data, path, collection) ? [] : undefined);
  const { count, size, _links: links } = data;
  const rows = Array.isArray(embedded) ? embedded.map(rowOf) : undefined;
  return { rows, href: links?.next?.href, count, size };
};

const rowOf = (value: unknown): Resource => z.safeParse(row, value).data ?? {};

/** An empty list may lack its rows, but needs another sign of a list: an error is not an empty list. */
const isEmpty = ({ id, _embedded, _links, count, size }: Page, path: string, collection: string): boolean => {
  const isList = _embedded !== undefined || Boolean(_links) || count === 0 || size === 0;
  const isOther = Object.keys(_embedded ?? {}).some((name) => name !== collection);
  return isList && !isOther && id === undefined && isOf(_links?.self?.href ?? path, path);
};

/** Whether a count reports more than was read; an unreadable count does so if nothing was read. */
const isMore = (count: unknown, read: number): boolean =>
  typeof count === 'number' ? count > read : read === 0 && (count ?? null) !== null;

const parsed = (href: string) => URL.parse(href, 'https://pingone.invalid');

const isOf = (href: string, path: string): boolean =>
  parsed(href)?.pathname.replace(/\/$/, '').toLowerCase().endsWith(path.toLowerCase()) === true;

/** Path and query of the next page, which must be in the same collection. */
const sameCollection = (href: string, path: string): string => {
  const url = parsed(href);
  if (!url?.pathname.endsWith(path)) throw new ListIncomplete('the next page is outside this collection of PingOne');
  return path + url.search;
};
