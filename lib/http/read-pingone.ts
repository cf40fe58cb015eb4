import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Reader } from '../grants/reader.ts';
import { ListIncomplete, listPages } from '../pingone/list.ts';
import { Problem } from '../problems.ts';
import { type Answer, AnswerLost, jsonOf } from '../runtime/connection.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import { masked } from './masked.ts';
import { type Get, readPath, unreachable } from './read-path.ts';

/** What was read: the text of the answer, what its ETag is a hash of, and PingOne's answer if there was one only. */
export interface Read {
  readonly text: string;
  readonly tag: string | Buffer;
  readonly answer?: Answer;
}

/** Reads what is at a path as far as its reader may. */
type ReadAs = (
  endpoint: Pick<Endpoint, 'masked'>,
  path: string,
  reader: Pick<Reader, 'sight'>,
  get: Get,
  now: () => number,
) => Promise<Read>;

/** Reads one resource. @throws Problem PingOne's refusal, ACCESS_FAILED, PINGONE_UNREACHABLE */
export const readOne: ReadAs = async (endpoint, path, { sight }, get, now) => {
  const answer = await readPath(path, get, now);
  const resource = jsonOf(answer.body);
  if (answer.status !== 200 || !isMembers(resource) || typeof resource.id !== 'string') {
    throw unreachable(`PingOne answered ${answer.status} without the resource; retry later.`);
  }
  const seen = sight(resource);
  if (seen instanceof Problem) throw seen;
  const text = seen === 'secrets' ? answer.body.toString() : shown(resource, endpoint, answer.body.toString());
  return { text, tag: answer.body, answer };
};

/** Reads a collection whole, and keeps what the caller may read. @throws Problem as above, LIST_INCOMPLETE (502) */
export const readList: ReadAs = async (endpoint, path, { sight }, get, now) => {
  let first: Answer | undefined;
  const page: Get = async (at) => {
    const whole: Get = (path) =>
      get(path).catch((cause) => {
        throw cause instanceof AnswerLost ? incomplete(cause) : cause;
      });
    const answer = await readPath(at, whole, now);
    first ??= answer;
    return answer;
  };
  const rows = await listPages(path, page, now).catch((cause) => {
    throw cause instanceof ListIncomplete ? incomplete(cause, cause.retryAfterMs) : cause;
  });
  // A row that can't be read can't be passed through the limits, and the list must not lack it.
  if (rows.some(({ id }) => id === undefined)) throw incomplete(undefined);
  const resources = rows.flatMap((row) => {
    const seen = sight(row);
    if (seen instanceof Problem) return [];
    return [seen === 'secrets' ? row : masked(row, endpoint.masked ?? [])];
  });
  const text = JSON.stringify({
    _links: linksIn(first),
    _embedded: { [path.slice(path.lastIndexOf('/') + 1)]: resources },
    count: resources.length,
    size: resources.length,
  });
  return { text, tag: text };
};

const shown = (
  resource: Readonly<Record<string, unknown>>,
  { masked: members = [] }: Pick<Endpoint, 'masked'>,
  text: string,
): string => (members.some((name) => name in resource) ? JSON.stringify(masked(resource, members)) : text);

/** The links of PingOne's first page, without those to other pages. */
const linksIn = (first: Answer | undefined): Readonly<Record<string, unknown>> => {
  const links = first && valueAt(jsonOf(first.body), '_links');
  const { next: _, prev: __, previous: ___, ...rest } = isMembers(links) ? links : {};
  return rest;
};

const incomplete = (cause: unknown, retryAfterMs?: number) =>
  new Problem('LIST_INCOMPLETE', "PingOne's list could not be read whole; retry later.", { cause, retryAfterMs });
