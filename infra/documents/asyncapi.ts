import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { type DeploymentOutcomeKind, deploymentOutcomes } from '../../lib/queue/deployment-outcome.ts';
import { type OutcomeKind, outcomeType } from '../../lib/queue/outcome.ts';
import { exampleRegion, outcomeExample, requestExample } from './event-examples.ts';
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
  readonly example: ReturnType<typeof requestExample>;
}

const eventsOf = (endpoint: Endpoint): readonly BusEvent[] => [
  {
    type: endpoint.event,
    action: 'receive',
    correlation: '/id',
    endpoint,
    summary: `Requests to ${taskOf(endpoint)}.`,
    schema: (dialect) => requestSchema(endpoint, dialect),
    example: requestExample(endpoint),
  },
  published(endpoint, 'Created'),
  published(endpoint, 'Rejected'),
  published(endpoint, 'Unresolved'),
  ...(endpoint.deployment ? [published(endpoint, 'Deployed'), published(endpoint, 'DeploymentFailed')] : []),
];

const published = (endpoint: Endpoint, kind: OutcomeKind | DeploymentOutcomeKind): BusEvent => ({
  type: outcomeType(endpoint, kind),
  action: 'send',
  correlation: kind in deploymentOutcomes ? '/detail/requestID' : '/detail/sourceEventID',
  endpoint,
  summary: summaries[kind](taskOf(endpoint)),
  schema: (dialect) => outcomeSchema(endpoint, kind, dialect),
  example: outcomeExample(endpoint, kind),
});

const summaries: Readonly<Record<OutcomeKind | DeploymentOutcomeKind, (task: string) => string>> = {
  Created: (task) => `A request to ${task} has created its resource.`,
  Rejected: (task) => `A request to ${task} was rejected.`,
  Unresolved: (task) =>
    `A request to ${task} was not resolved in six hours; its message is in the dead-letter queue, for an operator.`,
  Deployed: (task) => `What a request to ${task} made is deployed.`,
  DeploymentFailed: (task) => `What a request to ${task} made could not be deployed.`,
};

const taskOf = ({ summary }: Endpoint): string => summary.charAt(0).toLowerCase() + summary.slice(1);
