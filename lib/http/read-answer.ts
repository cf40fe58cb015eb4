import { hash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import type { Read } from './read-pingone.ts';

/** The HTTP answer to a read. */
export const readAnswer = ({ text, tag, answer }: Read): APIGatewayProxyStructuredResultV2 =>
  pingOneAnswer(text, answer && correlationIDOf(answer), { etag: `"${hash('sha256', tag)}"` });

/** A 200 with PingOne's JSON. */
export const pingOneAnswer = (
  body: string,
  correlationID: string | undefined,
  headers?: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
    ...(correlationID !== undefined && { 'correlation-id': correlationID }),
  },
  body,
});
