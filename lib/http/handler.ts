import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { correlationOf } from '../correlation.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { identified } from '../identity.ts';
import type { Log } from '../logger.ts';
import type { Outcome, Provision } from '../provision/provision.ts';
import { callerOf } from './caller.ts';
import type { HttpEvent } from './event.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { jsonBody } from './json-body.ts';
import { problemAnswers } from './problem.ts';
import { statusAnswer, statusOf } from './request-status.ts';
import { type Accept, prefersAsync } from './respond-async.ts';
import { validate } from './validate.ts';

export interface HttpDoor {
  readonly endpoint: Endpoint;
  readonly provision: Provision;
  readonly accept: Accept;
  readonly docsUrl: string;
  readonly unknownMembers: 'refuse' | 'forward';
  readonly log: Log;
  readonly now: () => number;
}

/** How long before Lambda stops the function the caller has an answer, in milliseconds. */
const answerBeforeMs = 2_000;

/**
 * The HTTP door of one endpoint: an API Gateway HTTP API event (payload 2.0) in; out comes PingOne's 201, a 202 for a
 * caller who would rather not wait, or a problem.
 */
export const httpHandler = ({ endpoint, provision, accept, docsUrl, unknownMembers, log, now }: HttpDoor) =>
  middy<HttpEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(problemAnswers(docsUrl, log))
    .use(jsonBody())
    .use(validate(endpoint, unknownMembers))
    .handler(async (event, context) => {
      const { headers, pathParameters: parameters, body } = event;
      const key = idempotencyKeyOf(headers);
      const request = {
        endpoint,
        parameters,
        body,
        correlation: correlationOf(headers, context.awsRequestId),
        ...identified(callerOf(event), endpoint, parameters, key, context.awsRequestId),
      };
      if (prefersAsync(headers)) {
        const { requestID } = request;
        const location = `/v1/requests/${requestID}`;
        const status = statusOf(requestID, endpoint, await accept(request), docsUrl);
        return statusAnswer(202, status, { location, 'preference-applied': 'respond-async' });
      }
      return createdAnswer(await provision(request, now() + context.getRemainingTimeInMillis() - answerBeforeMs));
    });

const createdAnswer = ({ requestID, how, text, correlationID }: Outcome): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 201,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'provisioner-outcome': how,
    'provisioner-request': requestID,
    ...(correlationID && { 'correlation-id': correlationID }),
  },
  body: text,
});
