import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { payloadOf, postWebhook } from '../../harness/signed-webhook.ts';
import { type Answer, answerErrors, endOf } from './answers.ts';
import { type Operation, openApiDocument } from './document.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { schemaErrors } from './schemas.ts';

let fixture: Fixture;
let operation: Operation;
let errorsIn: ReturnType<typeof answerErrors>;
let payloadErrors: (payload: unknown) => readonly string[];

beforeAll(async () => {
  fixture = await startFixture();
  const document = openApiDocument.parse(await (await fetch(`${fixture.gateway.url}/openapi.json`)).json());
  const found = document.paths['/webhooks/{source}']?.post;
  if (!found) throw new Error('the document has no webhooks');
  operation = found;
  errorsIn = answerErrors(document);
  const { schema = {} } = operation.requestBody?.content['application/json'] ?? {};
  payloadErrors = (payload) => schemaErrors(document)(schema, payload);
});
afterAll(() => fixture.close());

describe.each(endpoints)('a webhook for $name', (endpoint) => {
  const send = (body: string, id = 'a'): Promise<Answer> => postWebhook(fixture.gateway, body, { id });

  it.each([
    ['202', () => send(payloadOf(endpoint))],
    ['400 INVALID_DATA', () => send(payloadOf(endpoint, { body: {} }), 'b')],
    ['400 INVALID_REQUEST', () => send('{', 'c')],
    ['413 INVALID_REQUEST', () => send(' '.repeat(1_048_577), 'd')],
    ['422 KEY_REUSED', () => send(payloadOf(endpoint, { body: { ...endpoint.example.body, name: 'Other' } }))],
    ['503 LEDGER_UNAVAILABLE', () => fixture.without('dynamoDB', () => send(payloadOf(endpoint), 'e'))],
    ['503 QUEUE_UNAVAILABLE', () => fixture.without('sqs', () => send(payloadOf(endpoint), 'f'))],
  ])('gets answers that match the document: %s', async (end, answerOf) => {
    const answer = await answerOf();
    expect(endOf(operation, answer), answer.text).toBe(end);
    expect(errorsIn(operation, answer), answer.text).toEqual([]);
  });

  it('gets a 401 without a body, as in the document', async () => {
    const { status, text, headers } = await postWebhook(fixture.gateway, '{}', { id: 'a.b' });
    expect([status, text, headers.get('cache-control')]).toEqual([401, '', 'no-store']);
    expect(operation.responses[401]?.content).toEqual({});
  });

  it("has the schema of its event's detail", () => {
    expect(payloadErrors(JSON.parse(payloadOf(endpoint)))).toEqual([]);
    expect(payloadErrors({ ...JSON.parse(payloadOf(endpoint)), type: 'OtherRequested' })).not.toEqual([]);
    expect(payloadErrors(JSON.parse(payloadOf(endpoint, { body: {} })))).not.toEqual([]);
  });
});
