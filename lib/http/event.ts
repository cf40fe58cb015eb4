import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../errors.ts';
import { isMembers, valueAt } from '../identity.ts';

/** An API Gateway HTTP API event (payload 2.0) on its way through the pipe: each middleware says more of its body. */
export type HttpEvent = Omit<APIGatewayProxyEventV2, 'body' | 'pathParameters'> & {
  body?: unknown;
  pathParameters?: Record<string, string | undefined>;
};

/** What validation leaves: path parameters and body have passed the endpoint's schemas. */
export type CheckedEvent = HttpEvent & {
  body: Record<string, unknown>;
  pathParameters: Record<string, string>;
};

/** Lets nothing pass but requests: consoles, schedules and warmers send events without headers. Throws Problem INVALID_REQUEST. */
export const requestsOnly = (): MiddlewareObj<HttpEvent> => ({
  before: ({ event }) => {
    const headers = valueAt(event, 'headers');
    if (isMembers(headers) && Object.values(headers).every((value) => typeof value === 'string')) return;
    const detail =
      'The event is no request of an HTTP API (payload 2.0): it has no headers. Call the function through its API.';
    throw new Problem('INVALID_REQUEST', detail);
  },
});
