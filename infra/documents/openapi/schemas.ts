import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { requestItem } from '../../../lib/ledger/items.ts';
import type { JsonSchema } from '../json-schema.ts';

/** The schemas that belong to no single endpoint. */
export const sharedSchemas = (endpoints: readonly Endpoint[]): Readonly<Record<string, JsonSchema>> => ({
  Problem: {
    type: 'object',
    description: "A problem document (RFC 9457) with the members of PingOne's errors.",
    properties: {
      type: {
        type: 'string',
        format: 'uri',
        description: 'What happened, and what to do: a page, with the code after `#`.',
      },
      title: { type: 'string', description: 'What happened, in the same words each time.' },
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: { type: 'string', description: 'What happened this time.' },
      instance: { type: 'string', format: 'uri', description: 'The id of this answer, for the operator.' },
      id: { type: 'string', description: "PingOne's id of its error, else that of this answer." },
      code: { type: 'string', description: "PingOne's code where PingOne refused, else the gateway's." },
      message: { type: 'string', description: "PingOne's message where PingOne refused, else the detail." },
      details: { type: 'array', items: fault, description: 'Every single fault, where they are known.' },
      idempotencyKey: {
        type: 'string',
        description: 'What to send as `Idempotency-Key` with the retry of this request.',
      },
    },
    required: ['type', 'title', 'status', 'detail', 'instance', 'id', 'code', 'message'],
  },
  RequestStatus: {
    type: 'object',
    description: 'What became of a create so far. It is kept for 35 days.',
    properties: {
      id: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'The id of the request.' },
      endpoint: {
        type: 'string',
        enum: endpoints.map(({ name }) => name),
        description: 'The endpoint of the request.',
      },
      state: {
        type: 'string',
        enum: requestItem.shape.state.options,
        description:
          'accepted: waits its turn. sending: is at work. created: is done. rejected: nothing was made. unknown: PingOne may have made it, which a retry finds out.',
      },
      parameters: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: "The parameters of PingOne's path.",
      },
      createdAt: { type: 'string', format: 'date-time', description: 'When it was first asked for.' },
      updatedAt: { type: 'string', format: 'date-time', description: 'When its state last changed.' },
      idempotencyKey: {
        type: 'string',
        description: 'What to send as `Idempotency-Key` with a retry; absent where that is your own.',
      },
      resource: {
        type: 'object',
        description: 'The created resource.',
        properties: {
          id: { type: 'string', description: "PingOne's id." },
          path: { type: 'string', description: 'Where it is, below the `apiPath` of PingOne.' },
        },
        required: ['id', 'path'],
      },
      problem: {
        type: 'object',
        description: 'Why nothing was made.',
        properties: {
          type: { type: 'string', format: 'uri', description: 'What happened, and what to do.' },
          title: { type: 'string', description: 'What happened, in the same words each time.' },
          status: { type: 'integer', description: 'The status that a caller who waits gets for the same.' },
          code: { type: 'string', description: "PingOne's code where PingOne refused, else the gateway's." },
          codes: {
            type: 'array',
            items: { type: 'string' },
            description: 'The same, and the codes of single violations.',
          },
        },
        required: ['type', 'title', 'status', 'code', 'codes'],
      },
    },
    required: ['id', 'endpoint', 'state', 'parameters', 'createdAt', 'updatedAt'],
  },
  ApiGatewayMessage: {
    type: 'object',
    description: "API Gateway's own answer, before the gateway is asked or in its place.",
    properties: { message: { type: 'string' } },
    required: ['message'],
  },
});

const fault: JsonSchema = {
  type: 'object',
  properties: {
    code: { type: 'string', description: "The kind of fault, in PingOne's words." },
    message: { type: 'string', description: 'The violation, for a person.' },
    target: { type: 'string', description: 'Where, for a person: `paths[0].type`.' },
    pointer: { type: 'string', format: 'json-pointer', description: 'Where in the body (RFC 6901).' },
    innerError: { type: 'object', additionalProperties: true, description: 'More of it: the values that are allowed.' },
  },
  required: ['code', 'message'],
};
