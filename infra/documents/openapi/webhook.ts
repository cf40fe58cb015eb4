import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { requestSchema } from '../json-schema.ts';
import { failures } from './failures.ts';
import { headerReferences } from './headers.ts';
import { stateContent } from './request-status.ts';

/** The path of `POST /v1/webhooks/{source}` below `apiPath`. */
export const webhookPathItem = '/webhooks/{source}';

/** The security of webhooks: the three headers of Standard Webhooks. */
export const webhookSecurity = {
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks: `v1,` and the base64 of the HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}` with the key of the source, or `v1a,` and an ed25519 signature; several are separated by spaces. A source of the scheme `hmac` has headers of its own. Holders of access tokens and IAM callers do not need it.',
  },
} as const;

/** `POST /webhooks/{source}`; it is always at `/v1`, without a base path. */
export const webhookOperation = (endpoints: readonly Endpoint[], apiPath: string, docsUrl: string) => {
  const [endpoint] = endpoints;
  return {
    operationId: 'sendWebhook',
    summary: 'Request a resource by signed webhook',
    description:
      'For systems that can send nothing but a webhook. The signature is verified over the bytes of the body. The request is queued, and its outcome is published on the event bus. A webhook that is sent again makes nothing.',
    tags: ['Webhooks'],
    servers: [{ url: new URL('/v1', apiPath).href }],
    security: [{ webhookSignature: [] }],
    parameters: [
      {
        name: 'source',
        in: 'path',
        required: true,
        description: "The name of the source in the deployment's settings.",
        schema: { type: 'string' },
        example: 'local',
      },
      {
        name: 'webhook-id',
        in: 'header',
        description: 'The id of the webhook, without `.`; the same each time it is sent. It is signed.',
        schema: { type: 'string' },
      },
      {
        name: 'webhook-timestamp',
        in: 'header',
        description: 'Now, in seconds since 1970; at most five minutes from the time of the gateway. It is signed.',
        schema: { type: 'string' },
      },
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { anyOf: endpoints.map(payloadSchema) },
          ...(endpoint && { example: payloadExample(endpoint) }),
        },
      },
    },
    responses: {
      202: {
        description: 'The request is checked, recorded and queued.',
        headers: headerReferences('Location', 'Cache-Control'),
        content: stateContent(docsUrl, endpoint, 'accepted', 'created'),
      },
      ...failures({
        codes: [
          'INVALID_DATA',
          'INVALID_REQUEST',
          'ACCESS_FAILED',
          'KEY_REUSED',
          'UNEXPECTED_ERROR',
          'LEDGER_UNAVAILABLE',
          'QUEUE_UNAVAILABLE',
        ],
        hasBody: true,
        docsUrl,
      }),
      401: {
        description: 'The source, the signature, the id or the time is wrong. The answer has no body and no reason.',
        headers: headerReferences('Cache-Control'),
        content: {},
      },
    },
  };
};

const payloadSchema = (endpoint: Endpoint) => ({
  type: 'object',
  required: ['type', 'data'],
  properties: {
    type: { const: endpoint.event, description: 'The detail type of a request event.' },
    timestamp: { type: 'string', description: 'Of the sender; not read.' },
    data: requestSchema(endpoint, 'draft-2020-12').properties?.detail,
  },
});

const payloadExample = ({ event, example }: Endpoint) => ({
  type: event,
  data: { version: '1', ...example.parameters, body: example.body },
});
