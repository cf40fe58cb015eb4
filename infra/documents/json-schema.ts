import * as z from 'zod/mini';
import { eventSources } from '../../lib/contract.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { detail as requestDetail } from '../../lib/queue/checked-event.ts';
import { type OutcomeKind, outcomes, outcomeType } from '../../lib/queue/outcome.ts';

export type Dialect = 'draft-07' | 'draft-2020-12';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of an event that asks for an endpoint's create. */
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
      'The request. Members of your own are ignored, except near misses of the names below, such as idempotencykey. The gateway also checks rules that JSON Schema cannot express; a rejection names them.',
    properties: {
      ...own.properties,
      ...inPath.properties,
      body: { description: `The body of PingOne's POST ${path}.`, ...jsonSchemaOf(body, dialect) },
    },
    required: [...(own.required ?? []), ...(inPath.required ?? [])],
  });
};

/** The JSON Schema of an event that tells what became of a request. Open: a later version may add members. */
export const outcomeSchema = (endpoint: Endpoint, kind: OutcomeKind, dialect: Dialect): JsonSchema => {
  const source = {
    const: eventSources.outcome,
    description: 'The gateway. The bus lets no other sender use this source.',
  };
  return eventSchema(outcomeType(endpoint, kind), source, jsonSchemaOf(outcomes[kind], dialect, outcomeNotes));
};

/** An event as EventBridge delivers it. Open: one that is replayed from an archive has a `replay-name`. */
const eventSchema = (type: string, source: JsonSchema, detail: JsonSchema): JsonSchema => {
  const properties: Record<string, JsonSchema> = {
    version: { const: '0', description: "The version of EventBridge's envelope." },
    id: { type: 'string', format: 'uuid', description: 'The id that EventBridge gave the event.' },
    'detail-type': { const: type, description: 'The kind of event.' },
    source,
    account: { type: 'string', pattern: '^[0-9]{12}$', description: 'The AWS account that put the event on the bus.' },
    time: { type: 'string', format: 'date-time', description: 'When the event was put on the bus.' },
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
  // A cycle would refer to the root, which is another schema's.
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
      'Your own name for the request: events with the same key, parameters, account and source are one request. Without it each event is a request of its own.',
  },
};

const outcomeNotes: Notes = {
  version: { description: 'The version of this detail.' },
  id: { description: 'Stable: the same whenever this outcome is published again.' },
  requestID: { description: 'The id of the request; absent if the request could not be read.' },
  sourceEventID: { description: 'The id of the request event; absent for a request over HTTP.' },
  idempotencyKey: { description: "The request's own key, or else the id of the request event." },
  parameters: { description: "The parameters of PingOne's path, by their names." },
  requestedAt: { format: 'date-time', description: 'When the request arrived.' },
  finishedAt: { format: 'date-time', description: 'When the outcome was decided.' },
  how: {
    description:
      'created: by this attempt. adopted: found after an earlier attempt whose answer was lost. replayed: an earlier attempt with this key had created it.',
  },
  resource: { description: "PingOne's id of the resource, and its links by their names." },
  status: { description: 'The status of the same answer over HTTP.' },
  code: { description: 'A code of PingOne or of the gateway.' },
  codes: { description: 'The codes of the violations.' },
  detail: { description: 'What happened, for a person.' },
  pointers: { description: 'The invalid members (JSON Pointers).' },
};
