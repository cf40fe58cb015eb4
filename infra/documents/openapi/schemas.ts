import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { requestItem } from '../../../lib/ledger/items.ts';
import type { JsonSchema } from '../json-schema.ts';

/** The schemas that belong to no single endpoint. */
export const sharedSchemas = (endpoints: readonly Endpoint[]): Readonly<Record<string, JsonSchema>> => ({
  Problem: {
    type: 'object',
    description: "A problem document (RFC 9457) with the members of PingOne's errors.",
    properties: {
      type: text('The page that explains the problem; the code is after `#`.', { format: 'uri' }),
      title: text('A summary, constant for the code.'),
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: text('The explanation of this problem.'),
      instance: text('The id of this answer, for the operator.', { format: 'uri' }),
      id: text("The id of PingOne's error; the id of this answer if there is none."),
      code: text("PingOne's code if PingOne refused, else the gateway's."),
      message: text("PingOne's message if PingOne refused, else the detail."),
      details: { type: 'array', items: violation, description: 'The violations, if they are known.' },
      idempotencyKey: text('The `Idempotency-Key` for a retry of this request.'),
    },
    required: ['type', 'title', 'status', 'detail', 'instance', 'id', 'code', 'message'],
  },
  RequestStatus: {
    type: 'object',
    description: 'The status of a create. The gateway deletes it after 35 days.',
    properties: {
      id: text('The id of the request.', { pattern: '^[0-9a-f]{64}$' }),
      endpoint: text('The endpoint of the request.', { enum: endpoints.map(({ name }) => name) }),
      state: text(
        'accepted: queued. sending: an attempt is in progress. created: the resource exists. rejected: nothing was created. unknown: PingOne may have created the resource; a retry finds out.',
        { enum: requestItem.shape.state.options },
      ),
      parameters: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: "The parameters of PingOne's path.",
      },
      createdAt: text('Time of the first attempt.', { format: 'date-time' }),
      updatedAt: text('Time of the last change of state.', { format: 'date-time' }),
      idempotencyKey: text('The `Idempotency-Key` for a retry; absent if you sent your own.'),
      resource: {
        type: 'object',
        description: 'The created resource.',
        properties: {
          id: text("PingOne's id."),
          path: text('Its path below the `apiPath` of PingOne.'),
        },
        required: ['id', 'path'],
      },
      deployment: text(
        'How far the deployment is, if your grant has it deployed after the create. wanted: it will be deployed. failed: the last deployment failed; the gateway tries again, unless your grant does not allow it any more.',
        { enum: ['wanted', 'deploying', 'deployed', 'failed'] },
      ),
      deployedAt: text("PingOne's time of the deployment.", { format: 'date-time' }),
      problem: {
        type: 'object',
        description: 'The reason why nothing was created.',
        properties: {
          type: text('The page that explains the problem.', { format: 'uri' }),
          title: text('A summary, constant for the code.'),
          status: { type: 'integer', description: 'The HTTP status of the same problem without `respond-async`.' },
          code: text("PingOne's code if PingOne refused, else the gateway's."),
          codes: {
            type: 'array',
            items: { type: 'string' },
            description: 'This code, and the codes of the violations.',
          },
        },
        required: ['type', 'title', 'status', 'code', 'codes'],
      },
    },
    required: ['id', 'endpoint', 'state', 'parameters', 'createdAt', 'updatedAt'],
  },
  ApiGatewayMessage: {
    type: 'object',
    description: "API Gateway's own answer, without the gateway's function.",
    properties: { message: { type: 'string' } },
    required: ['message'],
  },
});

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });

const violation: JsonSchema = {
  type: 'object',
  properties: {
    code: text("PingOne's code for this kind of violation."),
    message: text('The violation, for a person.'),
    target: text('The invalid member in readable form: `paths[0].type`.'),
    pointer: text('The invalid member of the body (JSON Pointer, RFC 6901).', { format: 'json-pointer' }),
    innerError: { type: 'object', additionalProperties: true, description: 'Further facts: the allowed values.' },
  },
  required: ['code', 'message'],
};
