import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../problems.ts';
import { isMembers, valueAt } from '../validation/members.ts';

/** An API Gateway HTTP API event (payload 2.0) in the middy pipe; each middleware narrows its body. */
export type HttpEvent = Omit<APIGatewayProxyEventV2, 'body' | 'pathParameters'> & {
  body?: unknown;
  pathParameters?: Record<string, string | undefined>;
  leftOut?: readonly string[];
};

/** An event whose path parameters and body have passed the endpoint's schemas. */
export type CheckedEvent = HttpEvent & {
  body: Record<string, unknown>;
  /** Read-only members of PingOne's that were left out of the body. */
  leftOut: readonly string[];
  pathParameters: Record<string, string>;
};

/** Rejects test events of consoles, schedules and warmers, which have no headers. @throws Problem INVALID_REQUEST (400) */
export const requestsOnly = (): MiddlewareObj<HttpEvent> => ({
  before: ({ event }) => {
    const headers = valueAt(event, 'headers');
    if (isMembers(headers) && Object.values(headers).every((value) => typeof value === 'string')) return;
    const detail =
      'The event is not an HTTP API request (payload 2.0): it has no headers. Invoke the function through its API.';
    throw new Problem('INVALID_REQUEST', detail);
  },
});
