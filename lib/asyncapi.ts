import { createHash } from 'node:crypto';
import type { Endpoint } from './endpoints/endpoint.ts';
import { Problem } from './errors.ts';
import { identified } from './identity.ts';
import { annotated, type Dialect, type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { created, failed, type OutcomeKind, outcomeSource, outcomes, outcomeType } from './queue/outcome.ts';
import { detail as requestDetail, senderOf } from './queue/request.ts';

/** The AsyncAPI document of the event bus: what every endpoint takes from it, and what it tells on it. */
export const asyncApi = (endpoints: readonly Endpoint[]) => {
  // The dialect of AsyncAPI's own Schema Object.
  const events = endpoints.flatMap((endpoint) => eventsOf(endpoint, 'draft-07'));
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'PingOne Provisioner',
      version: '1.0.0',
      description:
        'Put a request on the bus, and its outcome comes back on the bus. Each request makes its resource in PingOne once, however often its event is delivered; an outcome may be told more than once, each time with the same `detail.id`.',
    },
    defaultContentType: 'application/json',
    servers: {
      eventBridge: {
        host: 'events.{region}.amazonaws.com',
        protocol: 'eventbridge',
        description:
          'Amazon EventBridge. Requests go in by PutEvents; a rule on the source and detail-type brings you the outcomes.',
        variables: { region: { description: 'The AWS region of the deployment.', examples: [exampleRegion] } },
      },
    },
    channels: {
      bus: {
        address: '{eventBusName}',
        description: 'The event bus of the deployment. It carries requests and outcomes; the detail-type tells which.',
        servers: [{ $ref: '#/servers/eventBridge' }],
        parameters: { eventBusName: { description: 'The name of the bus.', examples: ['pingone-provisioner'] } },
        messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: Object.fromEntries(events.map((event) => [`${event.action}${event.type}`, operation(event)])),
    components: { messages: Object.fromEntries(events.map((event) => [event.type, message(event)])) },
  };
};

/** The JSON Schema (2020-12) of every event, by its detail-type. */
export const eventSchemas = (endpoints: readonly Endpoint[]): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    endpoints
      .flatMap((endpoint) => eventsOf(endpoint, 'draft-2020-12'))
      .map(({ type, schema, example }) => [
        type,
        { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema, examples: [example] },
      ]),
  );

/** One kind of event on the bus. */
interface BusEvent {
  /** Its detail-type. */
  readonly type: string;
  readonly action: 'receive' | 'send';
  readonly endpoint: Endpoint;
  readonly summary: string;
  /** Where the id is that a request and its outcome share. */
  readonly requestEventID: string;
  readonly schema: JsonSchema;
  readonly example: EventExample;
}

const operation = ({ type, action, endpoint, summary }: BusEvent) => ({
  action,
  summary,
  channel: { $ref: '#/channels/bus' },
  tags: [{ name: endpoint.name, description: endpoint.summary }],
  messages: [{ $ref: `#/channels/bus/messages/${type}` }],
});

const message = ({ type, summary, requestEventID, schema, example }: BusEvent) => ({
  name: type,
  title: type,
  summary,
  correlationId: {
    description: 'The id of the event that asked.',
    location: `$message.payload#${requestEventID}`,
  },
  payload: schema,
  examples: [{ name: type, payload: example }],
});

const eventsOf = (endpoint: Endpoint, dialect: Dialect): readonly BusEvent[] => [
  requested(endpoint, dialect),
  told(endpoint, 'Created', dialect),
  told(endpoint, 'Rejected', dialect),
  told(endpoint, 'Unresolved', dialect),
];

const requested = (endpoint: Endpoint, dialect: Dialect): BusEvent => {
  const summary = `Asks to ${taskOf(endpoint)}.`;
  const source = {
    type: 'string',
    minLength: 1,
    not: { const: outcomeSource },
    description: 'Who asks: the name that the deployment lets your AWS principals use.',
  } as const;
  return {
    type: endpoint.event,
    action: 'receive',
    endpoint,
    summary,
    requestEventID: '/id',
    schema: eventSchema(endpoint.event, summary, source, requestDetailOf(endpoint, dialect)),
    example: requestExample(endpoint),
  };
};

const told = (endpoint: Endpoint, kind: OutcomeKind, dialect: Dialect): BusEvent => {
  const { says, example } = tellings[kind];
  const type = outcomeType(endpoint, kind);
  const summary = says(taskOf(endpoint));
  const source = { const: outcomeSource, description: 'The gateway; nobody else can use this source.' };
  const detail = annotated(jsonSchemaOf(outcomes[kind], dialect), outcomeNotes);
  return {
    type,
    action: 'send',
    endpoint,
    summary,
    requestEventID: '/detail/sourceEventID',
    schema: eventSchema(type, summary, source, detail),
    example: outcomeExample(type, example(endpoint, aboutExample(endpoint))),
  };
};

const taskOf = ({ summary }: Endpoint): string => summary.charAt(0).toLowerCase() + summary.slice(1);

/** An event as EventBridge delivers it. Open: the replay of an archive adds `replay-name`. */
const eventSchema = (type: string, description: string, source: JsonSchema, detail: JsonSchema): JsonSchema => {
  const properties: Record<string, JsonSchema> = {
    version: { const: '0', description: "The version of EventBridge's envelope." },
    id: { type: 'string', format: 'uuid', description: 'The id that EventBridge gave the event.' },
    'detail-type': { const: type, description: 'What kind of event this is.' },
    source,
    account: { type: 'string', pattern: '^[0-9]{12}$', description: 'The AWS account that put the event on the bus.' },
    time: { type: 'string', format: 'date-time', description: 'When the event was put on the bus.' },
    region: { type: 'string', description: 'The AWS region of the bus.' },
    resources: { type: 'array', items: { type: 'string' }, description: 'Not used.' },
    detail,
  };
  return { title: type, description, type: 'object', properties, required: Object.keys(properties) };
};

const requestDetailOf = ({ parameters, body, path }: Endpoint, dialect: Dialect): JsonSchema => {
  const own = annotated(jsonSchemaOf(requestDetail, dialect), requestNotes);
  const inPath = jsonSchemaOf(parameters, dialect);
  const names = Object.keys(inPath.properties ?? {});
  return {
    type: 'object',
    description:
      'The whole of the request. Rules that JSON Schema has no words for are checked as well; a rejection names them.',
    properties: {
      ...own.properties,
      ...annotated(inPath, Object.fromEntries(names.map((name) => [name, { description: `{${name}} in ${path}.` }])))
        .properties,
      body: { description: `The body of PingOne's POST ${path}.`, ...jsonSchemaOf(body, dialect) },
    },
    required: [...new Set([...(own.required ?? []), ...(inPath.required ?? []), 'body'])],
    additionalProperties: false,
  };
};

const requestNotes = {
  version: { description: 'The version of this detail.' },
  idempotencyKey: {
    description:
      'Your own name for the request. An event with the same key, source, account and parameters is the same request; without a key each event is a request of its own.',
  },
};

const outcomeNotes = {
  version: { description: 'The version of this detail.' },
  id: { description: 'The same each time that this outcome is told.' },
  requestID: { description: 'The id of the request. Absent where the request could not be read that far.' },
  sourceEventID: { description: 'The id of the event that asked. Absent for a request over HTTP.' },
  idempotencyKey: { description: "The request's own key, or the id of what asked where it had none." },
  parameters: { description: "The parameters of PingOne's path, by name." },
  requestedAt: { format: 'date-time', description: 'When it was asked for.' },
  finishedAt: { format: 'date-time', description: 'When the outcome was known.' },
  how: {
    description:
      'created: by this attempt. adopted: by an earlier attempt, whose answer was lost. replayed: by an earlier attempt, which was told then.',
  },
  resource: { description: "PingOne's id of the resource, and its links." },
  status: { description: 'The HTTP status that a caller over HTTP would have got.' },
  code: { description: "What happened, as PingOne's or the gateway's error code." },
  codes: { description: 'The codes of the single faults.' },
  detail: { description: 'What happened, for a person.' },
  pointers: { description: 'Where the single faults are in the request (JSON Pointers).' },
};

interface Telling {
  readonly says: (task: string) => string;
  readonly example: (endpoint: Endpoint, about: Parameters<typeof created>[0]) => object;
}

const tellings: Readonly<Record<OutcomeKind, Telling>> = {
  Created: {
    says: (task) => `Tells that the request to ${task} is done, and which resource came of it.`,
    example: ({ example: { resource } }, about) =>
      created(about, { how: 'created', id: resource.id, text: JSON.stringify(resource) }),
  },
  Rejected: {
    says: (task) => `Tells that the request to ${task} was refused, and why; it made nothing.`,
    example: (_, about) =>
      failed(
        about,
        'Rejected',
        new Problem('PINGONE_REFUSED', 'PingOne refused the request; nothing was made (status 400).', {
          status: 400,
          upstream: { code: 'INVALID_DATA', message: '' },
          faults: [{ code: 'UNIQUENESS_VIOLATION', message: '' }],
        }),
      ),
  },
  Unresolved: {
    says: (task) =>
      `Tells that the request to ${task} was neither done nor refused for certain within six hours; it is in the dead-letter queue, for a person to look at.`,
    example: (_, about) =>
      failed(
        { ...about, finishedAt: '2026-03-02T15:15:04.120Z' },
        'Unresolved',
        new Problem('OUTCOME_UNKNOWN', 'PingOne may or may not have made the resource (status 504).'),
      ),
  },
};

type EventExample = ReturnType<typeof exampleOf>;

const exampleRegion = 'eu-central-1';

const exampleOf = (type: string, source: string, time: string, detail: object) => ({
  version: '0',
  id: uuidFor(type),
  'detail-type': type,
  source,
  account: '111122223333',
  time,
  region: exampleRegion,
  resources: [],
  detail,
});

const requestExample = ({ event, example: { parameters, body } }: Endpoint): EventExample =>
  exampleOf(event, 'com.example.service-catalogue', '2026-03-02T09:15:00Z', {
    version: '1',
    ...parameters,
    idempotencyKey: exampleKey,
    body,
  });

const outcomeExample = (type: string, detail: object): EventExample =>
  exampleOf(type, outcomeSource, '2026-03-02T09:15:02Z', detail);

const exampleKey = 'order-4711';

const aboutExample = (endpoint: Endpoint) => {
  const event = requestExample(endpoint);
  const { parameters } = endpoint.example;
  return {
    requestID: identified(senderOf(event), endpoint, parameters, exampleKey, event.id).requestID,
    sourceEventID: event.id,
    idempotencyKey: exampleKey,
    parameters,
    requestedAt: event.time,
    finishedAt: '2026-03-02T09:15:01.482Z',
  };
};

/** An id that stays the same from run to run. */
const uuidFor = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
