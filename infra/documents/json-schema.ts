import * as z from 'zod/mini';
import { eventSources } from '../../lib/contract.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { detail as requestDetail } from '../../lib/queue/checked-event.ts';
import { type DeploymentOutcomeKind, deploymentOutcomes } from '../../lib/queue/deployment-outcome.ts';
import { type OutcomeKind, outcomes, outcomeType } from '../../lib/queue/outcome.ts';

export type Dialect = 'draft-07' | 'draft-2020-12';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of an endpoint's request event. */
export const requestSchema = (endpoint: Endpoint, dialect: Dialect): JsonSchema => {
  const { parameters, body, path, event } = endpoint;
  const own = jsonSchemaOf(requestDetail, dialect, requestNotes);
  const inPath = jsonSchemaOf(parameters, dialect, { '*': { description: `From PingOne's path ${path}.` } });
  const source = {
    type: 'string',
    minLength: 1,
    not: { const: eventSources.outcome },
    description: 'The sender; the bus allows each account its own sources.',
  } as const;
  return eventSchema(event, source, {
    type: 'object',
    description:
      'The request. Your own members are ignored, but a misspelt name of a member below, for example idempotencykey, is rejected. The gateway also checks rules that JSON Schema cannot express; a rejection names them.',
    properties: {
      ...own.properties,
      ...inPath.properties,
      body: { description: `The body of PingOne's POST ${path}.`, ...jsonSchemaOf(body, dialect) },
    },
    required: [...(own.required ?? []), ...(inPath.required ?? [])],
  });
};

/** The JSON Schema of an outcome event. Open: a later version may add members. */
export const outcomeSchema = (
  endpoint: Endpoint,
  kind: OutcomeKind | DeploymentOutcomeKind,
  dialect: Dialect,
): JsonSchema => {
  const source = {
    const: eventSources.outcome,
    description: 'The gateway. The bus allows this source to no other sender.',
  };
  return eventSchema(outcomeType(endpoint, kind), source, jsonSchemaOf(allOutcomes[kind], dialect, outcomeNotes));
};

const allOutcomes = { ...outcomes, ...deploymentOutcomes };

/** An event as EventBridge delivers it. Open: an event replayed from an archive has a `replay-name`. */
const eventSchema = (type: string, source: JsonSchema, detail: JsonSchema): JsonSchema => {
  const properties: Record<string, JsonSchema> = {
    version: { const: '0', description: "The version of EventBridge's envelope." },
    id: { type: 'string', format: 'uuid', description: "EventBridge's id of the event." },
    'detail-type': { const: type, description: 'The kind of event.' },
    source,
    account: { type: 'string', pattern: '^[0-9]{12}$', description: 'The AWS account that put the event on the bus.' },
    time: { type: 'string', format: 'date-time', description: 'Time of the PutEvents call.' },
    region: { type: 'string', description: 'The AWS region of the bus.' },
    resources: { type: 'array', items: { type: 'string' }, description: 'Not used.' },
    detail,
  };
  return { type: 'object', properties, required: Object.keys(properties) };
};

/** Notes beside a member's schema; `*` applies to members without notes of their own. */
type Notes = Readonly<Record<string, Pick<JsonSchema, 'description' | 'format'>>>;

/** The JSON Schema of a schema's input, for use inside another; rules that JSON Schema cannot express are left out. */
export const jsonSchemaOf = (schema: z.core.$ZodType, target: Dialect, notes: Notes = {}): JsonSchema => {
  // A cycle would refer to the root of another schema.
  const cycles = 'throw';
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target, cycles, io: 'input', unrepresentable: 'any' });
  if (!rest.properties) return rest;
  const members = Object.entries(rest.properties).map(([name, member]) => [
    name,
    typeof member === 'object' ? { ...(notes[name] ?? notes['*']), ...member } : member,
  ]);
  return { ...rest, properties: Object.fromEntries(members) };
};

const requestNotes: Notes = {
  version: { description: 'The version of this detail.' },
  idempotencyKey: {
    description:
      'Your own name for the request: events with the same key, parameters, account and source are one request. Without a key each event is a new request.',
  },
};

const outcomeNotes: Notes = {
  version: { description: 'The version of this detail.' },
  id: { description: 'Stable: the same each time that this outcome is published.' },
  requestID: { description: 'The id of the request; absent if the request could not be read.' },
  sourceEventID: { description: 'The id of the request event; absent for a request over HTTP or by webhook.' },
  idempotencyKey: { description: "The sender's own key, else the id of the request event." },
  parameters: { description: "The parameters of PingOne's path, by their names." },
  requestedAt: { format: 'date-time', description: 'Time of the request.' },
  finishedAt: { format: 'date-time', description: 'Time of the outcome.' },
  how: {
    description:
      'created: by this attempt. adopted: found after an earlier attempt whose answer was lost. replayed: an earlier attempt with this key had created it.',
  },
  resource: { description: "PingOne's id of the resource, and its links by their names." },
  status: { description: 'The status of the same answer over HTTP.' },
  code: { description: 'A code of PingOne or of the gateway.' },
  codes: { description: 'The codes of the violations.' },
  detail: { description: 'The explanation, for a person.' },
  deployedAt: { format: 'date-time', description: "PingOne's time of the deployment." },
  isRetried: { description: 'Whether the gateway tries again.' },
  pointers: { description: 'The invalid members (JSON Pointers).' },
};
