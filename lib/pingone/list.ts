import * as z from 'zod/mini';
import { GatewayError } from '../errors.ts';
import { type Answer, jsonOf } from './connection.ts';
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

const resource = z.lazy(() => z.looseObject({ id: z.string(), createdAt: z.optional(z.string()) }));

export type Resource = z.output<typeof resource>;

const page = z.lazy(() =>
  z.looseObject({
    _embedded: z.record(z.string(), z.array(resource)),
    _links: z.optional(z.looseObject({ next: z.optional(z.looseObject({ href: z.string() })) })),
  }),
);

const maximumPages = 50;

/** Reads a collection page by page. PingOne documents no paging here; a link to elsewhere is not followed. */
export const listPages = async (
  path: string,
  get: (path: string) => Promise<Answer>,
  now: () => number,
): Promise<readonly Resource[]> => {
  const collection = path.slice(path.lastIndexOf('/') + 1);
  const resources: Resource[] = [];
  let next = path;
  for (let pages = 0; pages < maximumPages; pages++) {
    const answer = await get(next);
    const parsed = z.safeParse(page, jsonOf(answer.body));
    const items = parsed.data?._embedded[collection];
    if (answer.status !== 200 || !items) {
      throw new ListIncomplete(`PingOne's list answered ${answer.status}`, retryAfterMs(answer, now()));
    }
    resources.push(...items);
    const href = parsed.data?._links?.next?.href;
    if (href === undefined) return resources;
    next = sameCollection(href, path);
  }
  throw new ListIncomplete(`PingOne's list has more than ${maximumPages} pages`);
};

/** The path and query of the next page, which must be of the same collection. */
const sameCollection = (href: string, path: string): string => {
  const { pathname, search } = new URL(href, 'https://pingone.invalid');
  if (!pathname.endsWith(path)) throw new ListIncomplete("PingOne's list goes on elsewhere");
  return path + search;
};
