import { readFile } from 'node:fs/promises';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import type { Board } from './live/board.ts';
import { type RetryParts, retry } from './live/retry.ts';
import { eventStream } from './loopback/event-stream.ts';
import { isRecord, parseJson } from './loopback/json.ts';
import { json } from './loopback/reply.ts';
import { html, ownFile, ownFiles } from './web/files.ts';
import type { Page } from './web/page.ts';

export interface LivePagesOptions extends RetryParts {
  readonly isSandbox: boolean;
}

/** What the front serves to watch requests as they come, and to try them again. */
export const livePages = (
  { watch, views, clear, row }: Board,
  { isSandbox, ...parts }: LivePagesOptions,
): Record<string, Page> => ({
  'GET /': async () => html(await readFile(ownFile('live.html'))),
  'GET /local/events': async () => eventStream(watch),
  'GET /local/examples': async () => json(200, { isSandbox, examples }, noStore),
  'GET /local/requests': async () =>
    json(200, views(), { ...noStore, 'content-disposition': 'attachment; filename="requests.json"' }),
  'DELETE /local/requests': async () => {
    clear();
    return { status: 204 };
  },
  'POST /local/retry': async ({ body }) => {
    const asked = parseJson(body.toString());
    const found = isRecord(asked) ? row(String(asked.id)) : undefined;
    if (!found) return json(404, { message: 'The request is not kept any longer.' });
    return (await retry(found, parts)) ? { status: 204 } : json(409, { message: 'There is nothing to try again.' });
  },
  ...ownFiles,
});

const noStore = { 'cache-control': 'no-store' };

/** A create of each endpoint that works as it is. */
const examples = endpoints.map(({ name, summary, path, example }) => ({
  name,
  summary,
  path: `/v1${fillPath(path, example.parameters)}`,
  body: example.body,
}));
