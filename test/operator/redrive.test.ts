import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../../infra/local/aws/aws.ts';
import { createEndpointQueues, type EndpointQueues } from '../../infra/local/gateway/endpoint-queues.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { loadTool } from './load-tool.ts';

let aws: Aws;
let queues: ReadonlyMap<string, EndpointQueues>;

beforeEach(async () => {
  aws = await startAws();
  queues = new Map(endpoints.map((endpoint) => [endpoint.name, createEndpointQueues(aws, endpoint)]));
});
afterEach(() => aws.close());

const redrive = (...args: string[]) =>
  loadTool('redrive', [...args, '--local', '--url', aws.endpoint, '--output', 'json']);
const text = (value: string) => ({ DataType: 'String', StringValue: value });
const body = '{"password":"of a connector"}';
const attributes = { Code: text('NOT_JSON'), Reason: text('it is not JSON'), OriginalMessageId: text('m-1') };

describe.each(endpoints)('npm run redrive, for $name', ({ name }) => {
  const deadLetter = () => queues.get(name)?.deadLetters.send({ body, attributes });
  const waiting = () =>
    queues
      .get(name)
      ?.queue.messages()
      .map((message) => message.body);

  it('shows dead letters by code and reason, never their bodies, and does not move them', async () => {
    deadLetter();
    const { lines, code } = await redrive('show', name);
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        message: expect.any(String),
        sent: expect.stringMatching(/^\d{4}-.*Z$/),
        code: 'NOT_JSON',
        reason: 'it is not JSON',
        original: 'm-1',
        bytes: body.length,
      },
    ]);
    expect(lines.join()).not.toContain('password');
    expect(queues.get(name)?.deadLetters.messages()).toHaveLength(1);
  });

  it('moves dead letters back into the queue, also those of the function, and reports that', async () => {
    deadLetter();
    deadLetter();
    const started = await redrive('start', name, '--rate', '7');
    expect(started.code, started.stderr).toBe(0);
    expect(JSON.parse(started.lines[0] ?? '')).toMatchObject({ redrive: 'started', rate: 7 });
    expect(waiting()).toEqual([body, body]);
    const { lines } = await redrive('status', name);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { redrive: 'COMPLETED', started: expect.any(String), moved: 2, of: 2 },
    ]);
  });
});

describe('npm run redrive', () => {
  const [name = ''] = endpoints.map((endpoint) => endpoint.name);

  it('reports an empty dead-letter queue', async () => {
    expect(await redrive('show', name)).toMatchObject({ lines: [], stderr: 'No dead letter is visible.\n', code: 0 });
    expect(await redrive('status', name)).toMatchObject({ lines: [], stderr: 'There was no redrive.\n', code: 0 });
  });

  it('explains itself', async () => {
    for (const args of [[], ['--help']]) {
      expect((await loadTool('redrive', args)).lines.join('\n')).toContain('npm run redrive -- start ENDPOINT');
    }
  });

  it.each([
    [['show'], 'show needs ENDPOINT; --help explains it.'],
    [['show', 'create-nothing', '--local'], 'show needs an endpoint, create-connector-instance or'],
    [['hide', name, '--local'], 'the command is show or start or status, not "hide"'],
    [['show', name, '--local', '--rate', '5'], 'show takes no --rate'],
    [['show', name], 'one of --stage STAGE and --local is needed; --help explains them'],
    [['show', name, '--local', '--stage', 'dev'], 'one of --stage STAGE and --local is needed; --help explains them'],
    [['show', name, '--stage', 'none'], 'There is no stage "none"'],
    [['start', name, '--local', '--rate', '0'], '--rate is a whole number from 1 to 500, not "0"'],
    [['show', name, '--sideways'], '--sideways is not a flag'],
  ])('ends %j with one sentence and exit code 2', async (args, sentence) => {
    const { stderr, code, lines } = await loadTool('redrive', args);
    expect([code, lines]).toEqual([2, []]);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
