import * as z from 'zod/mini';
import { GatewayError } from '../problems.ts';
import { type Answer, jsonOf } from './connection.ts';
import { lenient } from './lenient.ts';
import { isPingOneError } from './pingone-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** Thrown when a collection could not be read to its end, so that nothing can be said of what is not in it. */
export class ListIncomplete extends GatewayError {
  override readonly name = 'ListIncomplete';
  /** How long PingOne asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, askedMs?: number) {
    super(message);
    this.retryAfterMs = askedMs;
  }
}

/** One row, as far as it can be read: it stays in its list without what has another type, even without its id. */
const row = z.lazy(() =>
  z.looseObject({
    id: lenient(z.string().check(z.minLength(1))),
    createdAt: lenient(z.union([z.string(), z.number()])),
  }),
);

export type Resource = z.output<typeof row>;

const link = () => z.looseObject({ href: z.string() });

/** What makes an answer a page of a list; where it goes on must be readable. */
const page = z.lazy(() =>
  z.looseObject({
    _embedded: z.nullish(z.record(z.string(), z.unknown())),
    _links: z.nullish(z.looseObject({ self: lenient(link()), next: z.nullish(link()) })),
  }),
);

type Page = z.output<typeof page>;

const maximumPages = 50;

/**
 * Reads a collection page by page. PingOne documents no paging here; a link to elsewhere is not followed.
 * @throws ListIncomplete where an answer is no list of this collection, or a list says that there is more than it shows
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
      const message = `PingOne's list answered ${answer.status} without a list of this collection`;
      throw new ListIncomplete(message, retryAfterMs(answer, now()));
    }
    resources.push(...rows);
    if (href !== undefined) {
      next = sameCollection(href, path);
      continue;
    }
    if (isMore(count ?? (pages === 0 ? size : undefined), resources.length))
      throw new ListIncomplete(`PingOne's list shows ${resources.length} resources and says that there are more`);
    return resources;
  }
  throw new ListIncomplete(`PingOne's list has more than ${maximumPages} pages`);
};

/** What a page of a collection's list holds, and where the next one is; nothing where an answer is no such page. */
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

/** A list of nothing may lack its rows, but not everything that makes it a list: an error is no empty list. */
const isEmpty = ({ id, _embedded, _links, count, size }: Page, path: string, collection: string): boolean => {
  const isList = _embedded !== undefined || Boolean(_links) || count === 0 || size === 0;
  const isOther = Object.keys(_embedded ?? {}).some((name) => name !== collection);
  return isList && !isOther && id === undefined && isOf(_links?.self?.href ?? path, path);
};

/** Whether a count, or what can't be read in its place, says that there is more than was read. */
const isMore = (told: unknown, read: number): boolean =>
  typeof told === 'number' ? told > read : read === 0 && (told ?? null) !== null;

const parsed = (href: string) => URL.parse(href, 'https://pingone.invalid');

const isOf = (href: string, path: string): boolean =>
  parsed(href)?.pathname.replace(/\/$/, '').toLowerCase().endsWith(path.toLowerCase()) === true;

/** The path and query of the next page, which must be of the same collection. */
const sameCollection = (href: string, path: string): string => {
  const url = parsed(href);
  if (!url?.pathname.endsWith(path)) throw new ListIncomplete("PingOne's list goes on elsewhere");
  return path + url.search;
};
