import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { json } from '../../../infra/local/loopback/reply.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { type Answer, answerErrors, endOf, endsOf } from './answers.ts';
import { cases, onlyOnAws } from './cases/cases.ts';
import { type OpenApiDocument, type Operation, openApiDocument } from './document.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { type Sample, samplesOf } from './requests.ts';
import { wordsAt } from './words.ts';

const faults = z.object({ details: z.array(z.object({ pointer: z.string() })) });

let fixture: Fixture;
let document: OpenApiDocument;
let errorsIn: ReturnType<typeof answerErrors>;

beforeAll(async () => {
  fixture = await startFixture();
  document = openApiDocument.parse(await (await fetch(`${fixture.gateway.url}/openapi.json`)).json());
  errorsIn = answerErrors(document);
});

afterAll(() => fixture.close());

describe.each(endpoints)("the document's description of $name", (endpoint) => {
  /** A client that knows only the document. */
  const send = async ({ parameters, key, body }: Sample): Promise<Answer> => {
    const response = await fetch(`${document.servers[0]?.url}${fillPath(endpoint.path, parameters)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fixture.gateway.accessToken}`,
        'content-type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('agrees with the accepted and rejected requests, and their answers', async () => {
    const operation = operationOf('create', endpoint);
    // A real collection would soon reach its quota.
    const made = async () => json(201, { ...endpoint.example.resource, id: randomUUID() });
    const ends = new Map<string, number>();
    for (const sample of samplesOf(document, operation, 30)) {
      const answer = await fixture.whilePingOne(made, () => send(sample));
      const told = `${JSON.stringify(sample)} was answered ${answer.status} ${answer.text}`;
      expect(errorsIn(operation, answer), told).toEqual([]);
      const end = `${sample.isAllowed ? 'allowed' : 'forbidden'}: ${endOf(operation, answer)}`;
      expect(end, told).toMatch(/^allowed: (201|400 INVALID_DATA)$|^forbidden: 400 INVALID_DATA$/);
      if (end === 'allowed: 400 INVALID_DATA') expect(wordlessFaults(operation, answer), told).toEqual([]);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    for (const end of ['allowed: 201', 'forbidden: 400 INVALID_DATA']) expect(ends.get(end)).toBeGreaterThan(8);
  });
});

/** Violations that the schema allows and no description mentions. */
const wordlessFaults = (operation: Operation, { text }: Answer) =>
  faults.parse(JSON.parse(text)).details.filter(({ pointer }) => !wordsAt(document, operation, pointer));

describe.each(['read', 'create'] as const)('the answers to a %s', (kind) => {
  it('are all in the document, and no others', () => {
    const all = [...Object.keys(cases[kind]), ...onlyOnAws[kind]];
    for (const endpoint of endpoints) {
      expect(endsOf(operationOf(kind, endpoint)).toSorted()).toEqual(all.toSorted());
    }
  });

  // Endpoints differ only in their 201, which each has shown: they take turns.
  const turns = Object.entries(cases[kind]).map(([end, answerOf], index) => {
    const endpoint = endpoints[index % endpoints.length];
    if (!endpoint) throw new Error('there is no endpoint');
    return { end, answerOf, endpoint };
  });

  it.each(turns)('match the document: $end', async ({ end, answerOf, endpoint }) => {
    const operation = operationOf(kind, endpoint);
    const answer = await answerOf(fixture, endpoint);
    expect(endOf(operation, answer), answer.text).toBe(end);
    expect(errorsIn(operation, answer), answer.text).toEqual([]);
  });
});

const operationOf = (kind: 'create' | 'read', { path }: Endpoint): Operation =>
  kind === 'create' ? operationAt(path, 'post') : operationAt('/requests/{id}', 'get');

const operationAt = (path: string, method: 'get' | 'post'): Operation => {
  const operation = document.paths[path]?.[method];
  if (!operation) throw new Error(`the document has no ${method} ${path}`);
  return operation;
};
