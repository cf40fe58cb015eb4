import { createHash } from 'node:crypto';
import { eventSources } from '../../lib/contract.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { Problem } from '../../lib/problems.ts';
import { identified } from '../../lib/provision/identity.ts';
import {
  type DeploymentOutcomeKind,
  deployedOutcome,
  deploymentFailedOutcome,
} from '../../lib/queue/deployment-outcome.ts';
import { created, failed, type OutcomeKind, type OutcomeSubject, outcomeType } from '../../lib/queue/outcome.ts';
import { type Dialect, type JsonSchema, outcomeSchema, requestSchema } from './json-schema.ts';
import { version } from './release.ts';

/** The AsyncAPI document of the event bus: the events that each endpoint consumes and publishes. */
export const asyncApi = (endpoints: readonly Endpoint[]) => {
  const events = endpoints.flatMap(eventsOf);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'PingOne Provisioner',
      version,
      description:
        'Put a request event on the bus; the gateway publishes its outcome on the same bus. A request creates its resource in PingOne once, however often its event is delivered. An outcome may be published more than once, always with the same `detail.id`.',
    },
    defaultContentType: 'application/json',
    servers: {
      eventBridge: {
        host: 'events.{region}.amazonaws.com',
        protocol: 'eventbridge',
        description: 'Amazon EventBridge: PutEvents takes requests; a rule of your own delivers the outcomes.',
        variables: { region: { description: 'The AWS region of the deployment.', examples: [exampleRegion] } },
      },
    },
    channels: {
      bus: {
        address: '{eventBusName}',
        description: "The deployment's event bus. It carries requests and outcomes, which differ in `detail-type`.",
        servers: [{ $ref: '#/servers/eventBridge' }],
        parameters: { eventBusName: { description: 'The name of the bus.', examples: ['pingone-provisioner'] } },
        messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: Object.fromEntries(events.map((event) => [`${event.action}${event.type}`, operation(event)])),
    components: { messages: Object.fromEntries(events.map((event) => [event.type, message(event)])) },
  };
};

/** The JSON Schema (2020-12) of every event on the bus, by its detail-type. */
export const eventSchemas = (endpoints: readonly Endpoint[]): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    endpoints.flatMap(eventsOf).map(({ type, summary, schema, example }) => [
      type,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: type,
        description: summary,
        ...schema('draft-2020-12'),
        examples: [example],
      },
    ]),
  );

const operation = ({ type, action, summary, endpoint }: BusEvent) => ({
  action,
  summary,
  channel: { $ref: '#/channels/bus' },
  tags: [{ name: endpoint.name, description: endpoint.summary }],
  messages: [{ $ref: `#/channels/bus/messages/${type}` }],
});

const message = ({ type, correlation, summary, schema, example }: BusEvent) => ({
  name: type,
  title: type,
  summary,
  correlationId: {
    description: correlation === '/detail/requestID' ? 'The id of the request.' : 'The id of the request event.',
    location: `$message.payload#${correlation}`,
  },
  // The dialect of AsyncAPI's own schemas, which every tool knows.
  payload: schema('draft-07'),
  examples: [{ name: type, payload: example }],
});

/** One kind of event. */
interface BusEvent {
  /** Its detail-type. */
  readonly type: string;
  /** The gateway's action on the event. */
  readonly action: 'receive' | 'send';
  /** Where the id is that events of one request share. */
  readonly correlation: '/id' | '/detail/sourceEventID' | '/detail/requestID';
  readonly endpoint: Endpoint;
  readonly summary: string;
  readonly schema: (dialect: Dialect) => JsonSchema;
  readonly example: ReturnType<typeof exampleOf>;
}

const eventsOf = (endpoint: Endpoint): readonly BusEvent[] => {
  const requested: BusEvent = {
    type: endpoint.event,
    action: 'receive',
    correlation: '/id',
    endpoint,
    summary: `Requests to ${taskOf(endpoint)}.`,
    schema: (dialect) => requestSchema(endpoint, dialect),
    example: requestExample(endpoint),
  };
  return [
    requested,
    published(endpoint, 'Created'),
    published(endpoint, 'Rejected'),
    published(endpoint, 'Unresolved'),
    ...(endpoint.deployment ? [deployed(endpoint, 'Deployed'), deployed(endpoint, 'DeploymentFailed')] : []),
  ];
};

const published = (endpoint: Endpoint, kind: OutcomeKind): BusEvent => {
  const type = outcomeType(endpoint, kind);
  const { end, finishedAt, example } = outcomeExamples[kind];
  return {
    type,
    action: 'send',
    correlation: '/detail/sourceEventID',
    endpoint,
    summary: `A request to ${taskOf(endpoint)} ${end}.`,
    schema: (dialect) => outcomeSchema(endpoint, kind, dialect),
    example: exampleOf(
      type,
      eventSources.outcome,
      finishedAt,
      example({ ...exampleSubject(endpoint), finishedAt }, endpoint),
    ),
  };
};

/** The outcome of the deployment that a created resource waits for. */
const deployed = (endpoint: Endpoint, kind: DeploymentOutcomeKind): BusEvent => {
  const type = outcomeType(endpoint, kind);
  const { parameters, resource } = endpoint.example;
  const { requestID } = exampleSubject(endpoint);
  const finishedAt = Date.parse('2026-03-02T09:15:19.204Z');
  const pending = {
    source: eventSources.pendingDeployment,
    number: 1,
    requestID,
    caller: 'catalogue',
    parameters,
    resource: resource.id,
  };
  const failure = { status: 403, code: 'ACCESS_FAILED' };
  const detail =
    kind === 'Deployed'
      ? deployedOutcome(pending, { deployedAt: finishedAt - 400 }, finishedAt)
      : deploymentFailedOutcome(pending, failure, { now: finishedAt, nth: '1', isRetried: true });
  const end = kind === 'Deployed' ? 'is deployed' : 'could not be deployed';
  return {
    type,
    action: 'send',
    correlation: '/detail/requestID',
    endpoint,
    summary: `What a request to ${taskOf(endpoint)} made ${end}.`,
    schema: (dialect) => outcomeSchema(endpoint, kind, dialect),
    example: exampleOf(type, eventSources.outcome, new Date(finishedAt).toISOString(), detail),
  };
};

const taskOf = ({ summary }: Endpoint): string => summary.charAt(0).toLowerCase() + summary.slice(1);

interface OutcomeExample {
  /** The end of a request, as the end of a sentence. */
  readonly end: string;
  readonly finishedAt: string;
  readonly example: (subject: OutcomeSubject, endpoint: Endpoint) => Readonly<Record<string, unknown>>;
}

const outcomeExamples: Readonly<Record<OutcomeKind, OutcomeExample>> = {
  Created: {
    end: 'has created its resource',
    finishedAt: '2026-03-02T09:15:01.482Z',
    example: (subject, { example: { resource } }) =>
      created(subject, { how: 'created', id: resource.id, text: JSON.stringify(resource) }),
  },
  Rejected: {
    end: 'was rejected',
    finishedAt: '2026-03-02T09:15:01.316Z',
    example: (subject) => {
      const detail = 'PingOne refused the request; nothing was created (status 400).';
      const upstream = { code: 'INVALID_DATA', message: '' };
      const violations = [{ code: 'UNIQUENESS_VIOLATION', message: '' }];
      return failed(subject, 'Rejected', new Problem('PINGONE_REFUSED', detail, { status: 400, upstream, violations }));
    },
  },
  Unresolved: {
    end: 'was not resolved in six hours; its message is in the dead-letter queue, for an operator',
    finishedAt: '2026-03-02T15:16:22.905Z',
    example: (subject) =>
      failed(
        subject,
        'Unresolved',
        new Problem('OUTCOME_UNKNOWN', 'PingOne may or may not have created the resource.'),
      ),
  },
};

const exampleSubject = (endpoint: Endpoint) => {
  const event = requestExample(endpoint);
  const { parameters } = endpoint.example;
  const { requestID } = identified('catalogue', endpoint, parameters, idempotencyKey, event.id);
  return {
    arrivalID: event.id,
    requestID,
    sourceEventID: event.id,
    idempotencyKey,
    parameters,
    requestedAt: event.time,
  };
};

const requestExample = ({ event, example: { parameters, body } }: Endpoint) =>
  exampleOf(event, 'com.example.catalogue', '2026-03-02T09:15:00Z', {
    version: '1',
    ...parameters,
    idempotencyKey,
    body,
  });

const exampleOf = (type: string, source: string, time: string, detail: Readonly<Record<string, unknown>>) => ({
  version: '0',
  id: uuidFor(type),
  'detail-type': type,
  source,
  account: '111122223333',
  // EventBridge's times have whole seconds.
  time: time.replace(/\.\d+/, ''),
  region: exampleRegion,
  resources: [],
  detail,
});

/** Constant, so each run prints the same document. */
const uuidFor = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const exampleRegion = 'eu-central-1';
const idempotencyKey = 'order-4711';
