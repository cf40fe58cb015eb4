import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import specs from '@asyncapi/specs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Ajv, type AnySchema } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { asyncApi, eventSchemas } from '../../infra/documents/asyncapi.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { sdkDynamoDB } from '../../infra/operator/sdk-dynamodb.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { dynamoTable } from '../../lib/ledger/table.ts';
import { Problem } from '../../lib/problems.ts';
import { readMessage } from '../../lib/queue/message.ts';
import { requestOf } from '../../lib/queue/message-request.ts';
import { outcomes } from '../../lib/queue/outcome.ts';
import { violationsIn } from '../../lib/validation/violations.ts';
import { loadScript } from '../harness/load-script.ts';

const document = asyncApi(endpoints);
const { messages } = document.components;
const schemas = eventSchemas(endpoints);

const draft07 = formats.default(new Ajv({ allowUnionTypes: true }));
const draft2020 = formats.default(new Ajv2020({ allowUnionTypes: true }));

const errors = (ajv: Ajv | Ajv2020, schema: AnySchema | undefined, value: unknown) => {
  if (schema === undefined) throw new Error('there is no such schema');
  const validate = ajv.compile(schema);
  validate(value);
  return validate.errors ?? [];
};

const exampleOf = (type: string) => {
  const [example] = messages[type]?.examples ?? [];
  if (!example) throw new Error(`${type} has no example`);
  return example.payload;
};

describe('the AsyncAPI document', () => {
  it('is valid by the specification', () => {
    // It contains its own draft-07, which Ajv would otherwise have twice.
    const ajv = formats.default(new Ajv({ strict: false, meta: false, validateSchema: false }));
    expect(errors(ajv, specs.schemas['3.1.0'], document)).toEqual([]);
  });

  it('has no dangling reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)].map(([, path = '']) => path);
    for (const path of references) {
      expect(document, path).toHaveProperty(path.split('/'));
    }
  });

  it('has a new endpoint without any change', () => {
    const third = endpoints.map((endpoint) => ({ ...endpoint, event: 'ThingRequested' }) as const);
    expect(Object.keys(asyncApi([...endpoints, ...third.slice(0, 1)]).operations)).toEqual([
      ...Object.keys(document.operations),
      'receiveThingRequested',
      'sendThingCreated',
      'sendThingRejected',
      'sendThingUnresolved',
    ]);
  });
});

describe.each(endpoints)('the events of $name', (endpoint) => {
  const requested = endpoint.event;
  const { event } = { ...endpoint.deployment };
  const told = [
    ...Object.keys(outcomes).map((kind) => requested.replace('Requested', kind)),
    ...(event === undefined ? [] : [`${event}Deployed`, `${event}DeploymentFailed`]),
  ];
  const types = [requested, ...told];

  it('go both ways', () => {
    const { operations } = document;
    const ways = Object.values(operations).map(({ action, messages: [{ $ref } = { $ref: '' }] }) => [action, $ref]);
    const bus = '#/channels/bus/messages/';
    expect(ways).toContainEqual(['receive', bus + requested]);
    for (const type of told) expect(ways).toContainEqual(['send', bus + type]);
  });

  it('have examples that match their own schema, and no other', () => {
    for (const type of types) {
      for (const other of types) {
        const fits = type === other;
        expect(errors(draft07, messages[other]?.payload, exampleOf(type)).length === 0).toBe(fits);
        expect(errors(draft2020, schemas[other], exampleOf(type)).length === 0).toBe(fits);
      }
    }
  });

  it('have the same schema in the document and in a file', () => {
    for (const type of types) {
      expect(schemas[type]).toEqual({
        ...messages[type]?.payload,
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: type,
        description: messages[type]?.summary,
        examples: [exampleOf(type)],
      });
    }
  });

  it('describe each of their members', () => {
    for (const type of types) {
      const { body, detail, ...members } = Object(messages[type]?.payload).properties;
      const { body: _, ...ofDetail } = detail.properties;
      for (const [name, member] of Object.entries({ ...members, ...ofDetail })) {
        expect(member, `${type} ${name}`).toHaveProperty('description');
      }
    }
  });

  describe('that request a create', () => {
    const example = exampleOf(requested);
    const { body } = endpoint.example;
    const asking = (changes: Record<string, unknown>) => ({ ...example, detail: { ...example.detail, ...changes } });
    const without = (name: string) => asking({ [name]: undefined });
    const parameters = Object.keys(endpoint.example.parameters);
    const required = Object.keys(body).filter(
      (name) => violationsIn(endpoint.body, { ...body, [name]: undefined }).length,
    );

    const good: Record<string, unknown> = {
      'as in the example': example,
      'without a key': without('idempotencyKey'),
      'with null for its key': asking({ idempotencyKey: null }),
      'with members of its own': asking({ metadata: { a: 1 }, code: 'x' }),
      ...each(parameters, (name) => ({
        [`with ${name} in upper case`]: asking({ [name]: String(example.detail[name]).toUpperCase() }),
      })),
    };

    it.each(Object.entries(good))('are accepted %s, as by the queue door', async (_, event) => {
      expect(errors(draft07, messages[requested]?.payload, sent(event))).toEqual([]);
      expect(errors(draft2020, schemas[requested], sent(event))).toEqual([]);
      expect(await isTaken(endpoint, event)).toBe(true);
    });

    const bad: Record<string, unknown> = {
      'without a body': without('body'),
      'without a version': without('version'),
      'with another version': asking({ version: '2' }),
      'with a number as version': asking({ version: 1 }),
      'with an unknown member in the body': asking({ body: { ...body, unknown: 1 } }),
      'with text as body': asking({ body: JSON.stringify(body) }),
      'with text as detail': { ...example, detail: JSON.stringify(example.detail) },
      'with an empty key': asking({ idempotencyKey: '' }),
      'with a key that is too long': asking({ idempotencyKey: 'k'.repeat(256) }),
      ...each(parameters, (name) => ({
        [`without ${name}`]: without(name),
        [`with ${name} that is no UUID`]: asking({ [name]: 'a' }),
      })),
      ...each(required, (name) => ({
        [`without ${name} in the body`]: asking({ body: { ...body, [name]: undefined } }),
      })),
    };

    it.each(Object.entries(bad))('are rejected %s, as by the queue door', async (_, event) => {
      expect(errors(draft07, messages[requested]?.payload, sent(event))).not.toEqual([]);
      expect(errors(draft2020, schemas[requested], sent(event))).not.toEqual([]);
      expect(await isTaken(endpoint, event)).toBe(false);
    });

    it('are rejected from the source of outcomes', () => {
      const event = { ...example, source: exampleOf(requested.replace('Requested', 'Created')).source };
      expect(errors(draft07, messages[requested]?.payload, event)).not.toEqual([]);
    });
  });
});

const each = (names: readonly string[], cases: (name: string) => Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => Object.entries(cases(name))));

/** An event after serialization: without undefined members. */
const sent = (event: unknown): unknown => JSON.parse(JSON.stringify(event));

/** Whether the queue door accepts it. */
const isTaken = async (endpoint: Endpoint, event: unknown): Promise<boolean> => {
  const record = {
    messageId: 'm',
    receiptHandle: 'r',
    body: JSON.stringify(event),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
  // Only requests that were accepted over HTTP are looked up.
  const table = dynamoTable(sdkDynamoDB(new DynamoDBClient({ region: 'us-east-1' })), 'none');
  const ledger = (deadline: number) => openLedger(table(deadline), endpoint.name, 0);
  try {
    const { source, account } = Object(event);
    const grants = parseGrants({ version: '1', callers: [callerOfAll('any', [{ event: { source, account } }])] });
    const checks = { endpoint, grants, ledger, unknownMembers: 'refuse', now: Date.now, log: () => {} } as const;
    await requestOf(readMessage(record, endpoint), record, checks, Date.now() + 1_000);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe('INVALID_DATA');
    return false;
  }
};

describe('npm run asyncapi', () => {
  const script = fileURLToPath(new URL('../../infra/documents/print-asyncapi.ts', import.meta.url));
  const run = (...flags: string[]) => loadScript(script, flags);

  it('prints the document', async () => {
    const { stdout } = await run();
    expect(JSON.parse(stdout)).toEqual(sent(document));
  });

  it('writes a JSON Schema for each detail-type', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'schemas-'));
    try {
      const { stdout } = await run('--schemas', join(directory, 'new'));
      const files = await readdir(join(directory, 'new'));
      expect(files.sort()).toEqual(
        Object.keys(messages)
          .map((type) => `${type}.json`)
          .sort(),
      );
      for (const file of files) {
        expect(stdout).toContain(file);
        const text = await readFile(join(directory, 'new', file), 'utf8');
        expect(JSON.parse(text)).toEqual(sent(schemas[file.replace('.json', '')]));
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('names the folder that it could not write to', async () => {
    expect(await run('--schemas', script)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--schemas: .* can't be written \(EEXIST/),
    });
  });
});
