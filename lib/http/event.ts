import type { APIGatewayProxyEventV2 } from 'aws-lambda';

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
