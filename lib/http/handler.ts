import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { admit } from '../grants/admit.ts';
import { principalOf } from '../grants/authenticated.ts';
import type { Grants } from '../grants/document.ts';
import { correlationOf, traceOf } from '../intake/correlation.ts';
import { Problem } from '../problems.ts';
import { newTally, reportAttempt } from '../provision/attempt-line.ts';
import { identified } from '../provision/identity.ts';
import type { Outcome, Provision } from '../provision/request.ts';
import type { Log } from '../runtime/logger.ts';
import { type HttpEvent, requestsOnly } from './event.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { jsonBody } from './json-body.ts';
import { problemAnswers } from './problem.ts';
import { statusAnswer, statusOf } from './request-status.ts';
import { type Accept, prefersAsync } from './respond-async.ts';
import { validate } from './validate.ts';

export interface HttpDoor {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  readonly provision: Provision;
  readonly accept: Accept;
  readonly docsUrl: string;
  readonly unknownMembers: 'refuse' | 'forward';
  readonly log: Log;
  readonly now: () => number;
}

/** How long before Lambda stops the function the last call to PingOne has ended, in milliseconds: the ledger is written then. */
const answerBeforeMs = 2_000;

/**
 * The HTTP door of one endpoint: an API Gateway HTTP API event (payload 2.0) in; out comes PingOne's 201, a 202 for a
 * caller who would rather not wait, or a problem.
 */
export const httpHandler = ({ endpoint, grants, provision, accept, docsUrl, unknownMembers, log, now }: HttpDoor) =>
  middy<HttpEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(problemAnswers(docsUrl, log))
    .use(requestsOnly())
    .use(jsonBody())
    .use(validate(endpoint, unknownMembers))
    .handler(async (event, context) => {
      const begun = now();
      const deadline = begun + context.getRemainingTimeInMillis() - answerBeforeMs;
      const { headers, pathParameters: parameters, body, requestContext } = event;
      const key = idempotencyKeyOf(headers);
      const asked = { endpoint, parameters, body };
      const arrivalID = context.awsRequestId;
      const { caller, right, denied } = admit(grants, principalOf(requestContext), asked, begun);
      const origin = { door: 'http', trace: traceOf(headers['x-amzn-trace-id']), ...right } as const;
      if (denied) {
        reportAttempt(log, { ...asked, origin, caller, arrivalID }, newTally(), now() - begun, denied);
        throw denied;
      }
      const request = {
        ...asked,
        origin,
        correlation: correlationOf(headers, arrivalID),
        ...identified(caller, endpoint, parameters, key, arrivalID),
      };
      if (!prefersAsync(headers)) return createdAnswer(await provision(request, deadline));
      const report = (end: Problem | 'accepted') => reportAttempt(log, request, newTally(), now() - begun, end);
      const item = await accept(request, deadline).catch((error) => {
        if (error instanceof Problem) report(error);
        throw error;
      });
      report('accepted');
      const { requestID } = request;
      const headersOf202 = { location: `/v1/requests/${requestID}`, 'preference-applied': 'respond-async' };
      return statusAnswer(202, statusOf(requestID, endpoint, item, docsUrl), headersOf202);
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
