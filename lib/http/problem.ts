import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { headerNames } from '../contract.ts';
import { Problem, problems } from '../problems.ts';
import { describeError, type Log, levelOf } from '../runtime/logger.ts';
import { valueAt } from '../validation/members.ts';
import type { HttpEvent } from './event.ts';

type Door = MiddlewareObj<HttpEvent, APIGatewayProxyStructuredResultV2, Error>;

/**
 * Answers a thrown error with a problem document (RFC 9457) that is also a PingOne error. Hides any error other than a
 * Problem from the caller.
 */
export const problemAnswers = (docsUrl: string, log: Log): Door => ({
  onError: (request) => {
    const { error, event, context } = request;
    const problem =
      error instanceof Problem
        ? error
        : new Problem('UNEXPECTED_ERROR', 'The gateway failed; ask its operator to read the log.', { cause: error });
    log(levelOf(problem), describeError(problem));
    request.response = problemAnswer(problem, docsUrl, context.awsRequestId, valueAt(event, 'headers.accept'));
  },
});

/**
 * The HTTP answer for a problem. Its type is `application/json`, the only one that PingOne's Go SDKs decode, unless the
 * request's `Accept` names `application/problem+json`; the body is the same.
 */
export const problemAnswer = (
  problem: Problem,
  docsUrl: string,
  requestID: string,
  accept?: unknown,
): APIGatewayProxyStructuredResultV2 => {
  const { retryAfterMs, correlationID, requestID: request } = problem.facts;
  return {
    statusCode: problem.status,
    headers: {
      'content-type': namesProblem.test(String(accept)) ? 'application/problem+json' : 'application/json',
      'cache-control': 'no-store',
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
      ...(request === undefined ? {} : { [headerNames.request]: request }),
      ...(correlationID === undefined ? {} : { 'correlation-id': correlationID }),
    },
    body: JSON.stringify(problemDocument(problem, docsUrl, requestID)),
  };
};

const namesProblem = /(?:^|,)\s*application\/problem\+json\s*(?:[;,]|$)/i;

const problemDocument = (problem: Problem, docsUrl: string, requestID: string) => {
  const { upstream, violations, idempotencyKey } = problem.facts;
  const message = messageOf(problem);
  return {
    type: `${docsUrl}#${problem.code}`,
    title: problems[problem.code].title,
    status: problem.status,
    detail: message,
    instance: `urn:uuid:${requestID}`,
    id: upstream?.id ?? requestID,
    code: upstream?.code ?? problem.code,
    message: upstream?.message ?? message,
    ...(violations && { details: violations }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
};

/** For an invalid request the first violation: its message is the fix. The log has the problem's own message only. */
const messageOf = ({ code, message, facts: { violations = [] } }: Problem): string => {
  const [first, ...others] = violations;
  if (!code.startsWith('INVALID') || first === undefined) return message;
  return others.length === 0 ? first.message : `${first.message} (and ${others.length} more; see details)`;
};
