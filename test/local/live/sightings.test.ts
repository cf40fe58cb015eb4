import { describe, expect, it } from 'vitest';
import { busSightings } from '../../../infra/local/live/bus-sightings.ts';
import { answered, received } from '../../../infra/local/live/front-sightings.ts';
import { invocationSightings } from '../../../infra/local/live/invocation-sightings.ts';
import { logSighting } from '../../../infra/local/live/log-sightings.ts';
import { faultDrawn, pingOneAnswered, pingOneCalled } from '../../../infra/local/live/pingone-sightings.ts';
import { queueSighting } from '../../../infra/local/live/queue-sightings.ts';
import { secretSighting } from '../../../infra/local/live/secret-sightings.ts';
import { json } from '../../../infra/local/loopback/reply.ts';
import { callOf, create } from './sightings.ts';

describe('the front', () => {
  it('receives creates, of which the key is not shown', () => {
    const sighting = received('g1', create);
    expect(sighting).toMatchObject({
      ids: ['g1'],
      opens: true,
      step: { stage: 'received', facts: { endpoint: 'create-connector-instance' } },
    });
    expect(JSON.stringify(sighting)).not.toMatch(/the-key|the-token/);
    expect(received('g1', { ...create, method: 'GET', path: '/v1/requests/r1' })).toBeUndefined();
    expect(received('g1', { ...create, path: '/issuer/token' })).toBeUndefined();
  });

  it.each([
    [
      json(201, { id: 'c1', name: 'secret' }, { 'provisioner-outcome': 'adopted' }),
      'Answered 201, adopted',
      'adopted',
      undefined,
    ],
    [
      json(504, { type: 'x#OUTCOME_UNKNOWN', id: 'p' }, { 'retry-after': '60' }),
      'Answered 504, OUTCOME_UNKNOWN, retry after 60 s',
      undefined,
      'unknown',
    ],
    [json(401, { message: 'Unauthorized' }), 'Answered 401, Unauthorized', undefined, 'refused'],
    [
      json(400, {
        type: 'x#INVALID_DATA',
        message: 'secret',
        id: 'p',
        details: [{ code: 'INVALID_VALUE', target: 'a.b', message: 'secret' }],
      }),
      'Answered 400, INVALID_DATA, INVALID_VALUE at a.b',
      undefined,
      'refused',
    ],
    [json(202, { id: 'r1' }), 'Answered 202', undefined, undefined],
  ])('answers %#', (reply, text, state, stateElse) => {
    const { step } = Object(answered('g1', create, reply));
    expect(step).toMatchObject({ text, facts: { status: reply.status } });
    expect([step.facts.state, step.facts.stateElse]).toEqual([state, stateElse]);
  });
});

describe('an invocation', () => {
  it('is of the request that the front gave it', () => {
    const event = { requestContext: { requestId: 'g1' }, body: 'secret' };
    expect(invocationSightings({ id: 'i1', name: 'f', event })).toEqual([
      { ids: ['g1', 'i1'], step: { part: 'function', text: 'f runs', tone: 'plain' } },
    ]);
  });

  it('is of each message in it, and of one alone where it is alone', () => {
    const record = (id: string, receives = 1) => ({
      messageId: `m-${id}`,
      receiptHandle: `h-${id}`,
      body: JSON.stringify({ id, detail: 'secret' }),
      attributes: { ApproximateReceiveCount: String(receives) },
    });
    const invoked = (...Records: object[]) =>
      invocationSightings({ id: 'i1', name: 'create-connector-instance-queue', event: { Records } });
    expect(invoked(record('e1')).map(({ ids }) => ids)).toEqual([['e1', 'message m-e1', 'receipt h-e1', 'i1']]);
    expect(invoked(record('e1'), record('e2')).map(({ ids }) => ids.includes('i1'))).toEqual([false, false]);
    expect(invoked(record('e1', 3))[0]?.step).toMatchObject({
      begins: true,
      text: 'Delivered to create-connector-instance-queue for the 3. time',
      facts: { endpoint: 'create-connector-instance' },
    });
  });
});

describe('PingOne', () => {
  const headers = { 'x-local-invocation': 'i1', 'x-ping-external-transaction-id': 't1' };
  const over = new AbortController().signal;
  const post = { ...create, headers, over };
  const get = { ...post, method: 'GET' };

  it('has a create, and is told to fail, within an invocation', () => {
    expect(pingOneCalled(post)).toMatchObject({ within: ['i1', 't1'], step: { stage: 'sent' } });
    expect(pingOneCalled(get)).toBeUndefined();
    expect(faultDrawn(post, 'createThenReset').step.text).toContain('createThenReset');
  });

  it.each([
    [json(201, { id: 'c1', properties: 'secret' }), 'Answers 201 with the resource c1', 'good', undefined],
    [
      { ...json(201, {}), body: '{"id":"' },
      'Answers 201, unreadable: whether it was created is unknown',
      'open',
      'unknown',
    ],
    [json(400, { code: 'INVALID_DATA', message: 'secret' }), 'Answers 400 INVALID_DATA: not created', 'bad', undefined],
    [json(408, {}), 'Answers 408: whether it was created is unknown', 'open', 'unknown'],
    [json(503, { code: 'DOWN' }), 'Answers 503 DOWN: whether it was created is unknown', 'open', 'unknown'],
    ['reset' as const, 'No whole answer comes: whether it was created is unknown', 'open', 'unknown'],
    ['hang' as const, 'No whole answer comes: whether it was created is unknown', 'open', 'unknown'],
    [
      { ...json(201, { id: 'c1' }), rest: Promise.resolve(true) },
      'No whole answer comes: whether it was created is unknown',
      'open',
      'unknown',
    ],
  ])('answers a create %#', (outgoing, text, tone, state) => {
    const { step } = Object(pingOneAnswered(post, outgoing));
    expect(step).toMatchObject({ text, tone });
    expect(step.facts?.state).toBe(state);
  });

  it('answers too late, lists, reads and gives tokens', () => {
    expect(pingOneAnswered({ ...post, over: AbortSignal.abort() }, json(201, { id: 'c1' }))?.step.text).toContain(
      'only now',
    );
    expect(pingOneAnswered(get, json(200, { count: 2, _embedded: 'secret' }))?.step.text).toBe(
      'Lists what is there: 2',
    );
    expect(pingOneAnswered(get, 'reset')?.step).toMatchObject({ tone: 'open' });
    expect(pingOneAnswered({ ...get, path: `${get.path}/c1` }, json(404, {}))?.step.text).toBe(
      'Reads the resource again: 404',
    );
    const token = pingOneAnswered({ ...post, path: '/env/as/token' }, json(200, { access_token: 'secret' }));
    expect(token?.step.text).toBe('Gives an access token');
  });
});

describe('queue, bus and secrets', () => {
  const sqs = (operation: string, input: object, rest = {}) =>
    queueSighting(
      callOf('AmazonSQS', operation, { QueueUrl: 'http://x/000000000000/create-connector-instance', ...input }, rest),
    );

  it('put, postpone and deadLetter messages', () => {
    expect(sqs('SendMessage', { MessageBody: '{"requestID":"r1","body":"secret"}' })).toMatchObject({
      ids: ['r1'],
      step: { text: 'Put into create-connector-instance' },
    });
    expect(sqs('ChangeMessageVisibility', { ReceiptHandle: 'h1', VisibilityTimeout: 5 })).toMatchObject({
      within: ['receipt h1', undefined],
      step: { text: 'Comes again in 5 s' },
    });
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = { Code: text('NOT_JSON'), Reason: text('secret'), OriginalMessageId: text('m1') };
    const buried = sqs('SendMessage', {
      QueueUrl: 'http://x/0/q-dead-letters',
      MessageBody: 'secret',
      MessageAttributes,
    });
    expect(buried).toMatchObject({
      ids: ['message m1'],
      step: { text: 'Moved to the dead letters: NOT_JSON', tone: 'bad' },
    });
    expect(JSON.stringify(buried)).not.toContain('secret');
    expect(sqs('ReceiveMessage', {})).toBeUndefined();
  });

  it('bring requests and tell outcomes', () => {
    const entry = (Source: string, DetailType: string, detail: object) => ({
      Source,
      DetailType,
      Detail: JSON.stringify(detail),
    });
    const Entries = [
      entry('com.example', 'ConnectorInstanceRequested', { body: 'secret' }),
      entry('com.example', 'Other', {}),
      entry('com.example', 'Malformed', {}),
      entry('pingone.provisioner', 'ConnectorInstanceCreated', {
        requestID: 'r1',
        sourceEventID: 'e1',
        how: 'adopted',
        resource: { id: 'c1' },
      }),
      entry('pingone.provisioner', 'ConnectorInstanceRejected', {
        requestID: 'r1',
        status: 400,
        code: 'INVALID_DATA',
        detail: 'secret',
      }),
    ];
    const output = {
      Entries: [{ EventId: 'e1' }, { EventId: 'e2' }, { ErrorCode: 'x' }, { EventId: 'e4' }, { EventId: 'e5' }],
    };
    const seen = busSightings(callOf('AWSEvents', 'PutEvents', { Entries }, { output }));
    expect(seen.map(({ ids }) => ids)).toEqual([['e1'], ['e2'], ['r1', 'e1'], ['r1']]);
    expect(seen.map(({ line }) => line.tells)).toEqual([
      '',
      'no rule takes it',
      'adopted, resource c1',
      '400 INVALID_DATA',
    ]);
    expect(seen.map(({ step }) => step.tone)).toEqual(['plain', 'bad', 'good', 'bad']);
    expect(JSON.stringify(seen)).not.toContain('secret');
  });

  it('give the secret without showing it', () => {
    const read = callOf(
      'secretsmanager',
      'GetSecretValue',
      {},
      { output: { SecretString: 'very-hidden' }, invocation: 'i1' },
    );
    expect(secretSighting(read)).toMatchObject({ within: ['i1'], step: { tone: 'plain' } });
    expect(JSON.stringify(secretSighting(read))).not.toContain('very-hidden');
    expect(secretSighting({ ...read, ok: false })?.step.tone).toBe('bad');
  });
});

describe('a log line', () => {
  const line = (message: object) => JSON.stringify({ level: 'INFO', requestId: 'i1', message });

  it('tells how an attempt ended, and by which grant', () => {
    const attempt = { request: 'r1', arrival: 'i1', outcome: 'created', grant: 'all', sends: 1, ms: 20, pingOneMs: 3 };
    expect(logSighting(line({ attempt }))).toMatchObject({
      ids: ['r1', 'i1'],
      step: {
        text: 'Logs the attempt: created, by the grant “all”, 1 send, 20 ms',
        facts: { state: 'created', grant: 'all' },
      },
    });
    const denied = { arrival: 'i1', outcome: 'denied', code: 'ACCESS_FAILED', dimension: 'name' };
    expect(logSighting(line({ attempt: denied }))).toMatchObject({
      ids: ['i1'],
      step: { tone: 'bad', stage: 'checked', text: expect.stringContaining('at the dimension name') },
    });
  });

  it('tells of an alarm, and else of nothing', () => {
    expect(logSighting(line({ alarm: 'SECOND_RESOURCE', request: 'r1' }))).toMatchObject({
      ids: ['r1'],
      step: { tone: 'bad' },
    });
    for (const other of [line({ name: 'INVALID_DATA' }), 'no JSON', '"text"', '{"message":"text"}'])
      expect(logSighting(other)).toBeUndefined();
  });
});
