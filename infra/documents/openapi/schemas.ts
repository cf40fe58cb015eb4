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
        description: 'The page that explains the problem; the code is after `#`.',
      },
      title: { type: 'string', description: 'A summary, constant for the code.' },
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: { type: 'string', description: 'The explanation of this problem.' },
      instance: { type: 'string', format: 'uri', description: 'The id of this answer, for the operator.' },
      id: { type: 'string', description: "The id of PingOne's error; the id of this answer if there is none." },
      code: { type: 'string', description: "PingOne's code if PingOne refused, else the gateway's." },
      message: { type: 'string', description: "PingOne's message if PingOne refused, else the detail." },
      details: { type: 'array', items: violation, description: 'The violations, if they are known.' },
      idempotencyKey: {
        type: 'string',
        description: 'The `Idempotency-Key` for a retry of this request.',
      },
    },
    required: ['type', 'title', 'status', 'detail', 'instance', 'id', 'code', 'message'],
  },
  RequestStatus: {
    type: 'object',
    description: 'The status of a create. The gateway deletes it after 35 days.',
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
          'accepted: queued. sending: an attempt is in progress. created: the resource exists. rejected: nothing was created. unknown: PingOne may have created the resource; a retry finds out.',
      },
      parameters: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: "The parameters of PingOne's path.",
      },
      createdAt: { type: 'string', format: 'date-time', description: 'Time of the first attempt.' },
      updatedAt: { type: 'string', format: 'date-time', description: 'Time of the last change of state.' },
      idempotencyKey: {
        type: 'string',
        description: 'The `Idempotency-Key` for a retry; absent if you sent your own.',
      },
      resource: {
        type: 'object',
        description: 'The created resource.',
        properties: {
          id: { type: 'string', description: "PingOne's id." },
          path: { type: 'string', description: 'Its path below the `apiPath` of PingOne.' },
        },
        required: ['id', 'path'],
      },
      deployment: {
        type: 'string',
        enum: ['wanted', 'deploying', 'deployed', 'failed'],
        description:
          'How far the deployment is, if your grant has it deployed after the create. wanted: it will be deployed. failed: the last deployment failed; the gateway tries again, unless your grant does not allow it any more.',
      },
      deployedAt: { type: 'string', format: 'date-time', description: "PingOne's time of the deployment." },
      problem: {
        type: 'object',
        description: 'The reason why nothing was created.',
        properties: {
          type: { type: 'string', format: 'uri', description: 'The page that explains the problem.' },
          title: { type: 'string', description: 'A summary, constant for the code.' },
          status: { type: 'integer', description: 'The HTTP status of the same problem without `respond-async`.' },
          code: { type: 'string', description: "PingOne's code if PingOne refused, else the gateway's." },
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

const violation: JsonSchema = {
  type: 'object',
  properties: {
    code: { type: 'string', description: "PingOne's code for this kind of violation." },
    message: { type: 'string', description: 'The violation, for a person.' },
    target: { type: 'string', description: 'The invalid member in readable form: `paths[0].type`.' },
    pointer: {
      type: 'string',
      format: 'json-pointer',
      description: 'The invalid member of the body (JSON Pointer, RFC 6901).',
    },
    innerError: { type: 'object', additionalProperties: true, description: 'Further facts: the allowed values.' },
  },
  required: ['code', 'message'],
};
