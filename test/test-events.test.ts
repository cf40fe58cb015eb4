import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { isRecord, parseJson } from '../infra/local/loopback/json.ts';
import { endpoints } from '../lib/endpoints/index.ts';

let gateway: Gateway;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const onLog = (line: string) => {
    const entry = parseJson(line);
    // A starting function loads its secret and token in advance.
    if (isRecord(entry) && !Object.hasOwn(Object(entry.message), 'refreshed')) lines.push(entry);
  };
  gateway = await startGateway({ port: 0, awsPort: 0, onLog });
});

afterAll(() => gateway.close());

/** The events of consoles, schedules and warmers. */
const events: [string, unknown][] = [
  ['nothing', {}],
  ["the console's example", { key1: 'value1', key2: 'value2' }],
  ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
  ['null', null],
  ['text', 'warm'],
  ['a list', []],
];

const unlikeHttp: [string, unknown][] = [
  ...events,
  ['null for its headers', { headers: null }],
  ['headers that are no text', { headers: { 'content-type': 1 } }],
];

/** The log line of an invocation, which follows its answer. */
const logged = async (): Promise<unknown[]> => {
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  return lines.splice(0).map(({ level, message }) => [level, message]);
};

describe.each(endpoints)('a function of $name that is invoked with', ({ name }) => {
  it.each(unlikeHttp)('%s, over HTTP, answers 400 and logs no error', async (_, event) => {
    const answer = Object(await gateway.functions.http.get(name)?.invoke(event));
    expect(answer).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: expect.stringContaining('HTTP API'),
    });
    expect(await logged()).toEqual([['INFO', expect.objectContaining({ code: 'INVALID_REQUEST', status: 400 })]]);
  });

  it.each([...events, ['no list of records', { Records: 'x' }]])(
    '%s, over SQS, does nothing and logs that',
    async (_, event) => {
      const answer = await gateway.functions.queue.get(name)?.invoke(event);
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(await logged()).toEqual([['INFO', { endpoint: name, ignored: expect.stringContaining('no Records') }]]);
    },
  );
});

describe('the request-status function', () => {
  it.each(unlikeHttp)('answers 400 to %s, and logs no error', async (_, event) => {
    const answer = Object(await gateway.functions.requestStatus.invoke(event));
    expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([400, 'INVALID_REQUEST']);
    expect(await logged()).toEqual([['INFO', expect.objectContaining({ code: 'INVALID_REQUEST', status: 400 })]]);
  });
});
