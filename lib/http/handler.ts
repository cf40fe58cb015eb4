import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { correlationOf } from '../correlation.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { identified } from '../identity.ts';
import type { Log } from '../logger.ts';
import type { Provision } from '../provision/provision.ts';
import { callerOf } from './caller.ts';
import type { HttpEvent } from './event.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { jsonBody } from './json-body.ts';
import { problemAnswers } from './problem.ts';
import { validate } from './validate.ts';

export interface HttpDoor {
  readonly endpoint: Endpoint;
  readonly provision: Provision;
  readonly docsUrl: string;
  readonly unknownMembers: 'refuse' | 'forward';
  readonly log: Log;
  readonly now: () => number;
}

/** How long before Lambda stops the function the caller has an answer, in milliseconds. */
const answerBeforeMs = 2_000;

/** The HTTP door of one endpoint: an API Gateway HTTP API event (payload 2.0) in, PingOne's 201 or a problem out. */
export const httpHandler = ({ endpoint, provision, docsUrl, unknownMembers, log, now }: HttpDoor) =>
  middy<HttpEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(problemAnswers(docsUrl, log))
    .use(jsonBody())
    .use(validate(endpoint, unknownMembers))
    .handler(async (event, context) => {
      const outcome = await provision(
        {
          endpoint,
          parameters: event.pathParameters,
          body: event.body,
          correlation: correlationOf(event.headers, context.awsRequestId),
          ...identified(
            callerOf(event),
            endpoint,
            event.pathParameters,
            idempotencyKeyOf(event.headers),
            context.awsRequestId,
          ),
        },
        now() + context.getRemainingTimeInMillis() - answerBeforeMs,
      );
      return {
        statusCode: 201,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'provisioner-outcome': outcome.how,
          ...(outcome.correlationID && { 'correlation-id': outcome.correlationID }),
        },
        body: outcome.text,
      };
    });
