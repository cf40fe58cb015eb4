import { readFile } from 'node:fs/promises';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { explainedProblems } from '../documents/problem-help.ts';
import type { Board } from './live/board.ts';
import { eventStream } from './loopback/event-stream.ts';
import { json } from './loopback/reply.ts';
import { html, ownFile, ownFiles } from './web/files.ts';
import type { Page } from './web/page.ts';

/** What the front serves to watch requests as they come. */
export const livePages = ({ watch }: Board, isSandbox: boolean): Record<string, Page> => ({
  'GET /': async () => html(await readFile(ownFile('live.html'))),
  'GET /local/events': async () => eventStream(watch),
  'GET /local/examples': async () =>
    json(200, { isSandbox, examples, problems: explainedProblems }, { 'cache-control': 'no-store' }),
  ...ownFiles,
});

/** A create of each endpoint that works as it is. */
const examples = endpoints.map(({ name, summary, path, example }) => ({
  name,
  summary,
  path: `/v1${fillPath(path, example.parameters)}`,
  body: example.body,
}));
