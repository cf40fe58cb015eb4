import { readFile } from 'node:fs/promises';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import type { Feed } from '../live/feed.ts';
import { type RetryTargets, retry } from '../live/retry.ts';
import { eventStream } from '../loopback/event-stream.ts';
import { membersOf, parseJson } from '../loopback/json.ts';
import type { Page } from '../loopback/loopback.ts';
import { json } from '../loopback/reply.ts';
import { html, pageFile, pageFiles } from './files.ts';

/** The live page, its events, and its actions. */
export const livePages = (feed: Feed, isSandbox: boolean, targets: RetryTargets): Record<string, Page> => ({
  'GET /': async () => html(await readFile(pageFile('live.html'))),
  'GET /local/events': async () => eventStream(feed.subscribe),
  'GET /local/examples': async () => json(200, { isSandbox, examples }, noStore),
  'GET /local/requests': async () =>
    json(200, feed.views(), { ...noStore, 'content-disposition': 'attachment; filename="requests.json"' }),
  'DELETE /local/requests': async () => {
    feed.clear();
    return { status: 204 };
  },
  'POST /local/retry': async ({ body }) => {
    const row = feed.find(String(membersOf(parseJson(body.toString())).id));
    if (!row) return json(404, { message: 'The gateway no longer has this request.' });
    return (await retry(row, targets)) ? { status: 204 } : json(409, { message: 'There is nothing to retry.' });
  },
  ...pageFiles,
});

const noStore = { 'cache-control': 'no-store' };

/** A working create of each endpoint. */
const examples = endpoints.map(({ name, summary, path, example }) => ({
  name,
  summary,
  path: `/v1${fillPath(path, example.parameters)}`,
  body: example.body,
}));
