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
    description: 'Who asks: a name that the bus lets you use.',
  } as const;
  return eventSchema(event, source, {
    type: 'object',
    description:
      'All of the request. Your own members are ignored, unless one is a near miss of a name below, such as idempotencykey. Rules that JSON Schema has no words for are checked too; a rejection names them.',
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
  const source = { const: eventSources.outcome, description: 'The gateway; nobody else may use this name.' };
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

/** What a member's own schema doesn't say; `*` is any member that has no notes of its own. */
type Notes = Readonly<Record<string, Pick<JsonSchema, 'description' | 'format'>>>;

/** What a schema takes, to be put into another; rules that JSON Schema has no words for are left out. */
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
  id: { description: 'The same each time that this outcome is told.' },
  requestID: { description: 'The id of the request; absent where it could not be read that far.' },
  sourceEventID: { description: 'The id of the event that asked; absent for a request over HTTP.' },
  idempotencyKey: { description: "The request's own key; where it had none, the id of the event that asked." },
  parameters: { description: "The parameters of PingOne's path, by their names." },
  requestedAt: { format: 'date-time', description: 'When it was asked for.' },
  finishedAt: { format: 'date-time', description: 'When this outcome was known.' },
  how: {
    description:
      'created: just now. adopted: by an attempt whose answer was lost. replayed: by an attempt that has told it before.',
  },
  resource: { description: "PingOne's id of the resource, and its links by their names." },
  status: { description: 'The status that a caller over HTTP gets for the same.' },
  code: { description: 'What happened: a code of PingOne or of the gateway.' },
  codes: { description: 'The codes of the single violations.' },
  detail: { description: 'What happened, for a person.' },
  pointers: { description: 'The invalid members (JSON Pointers).' },
};
