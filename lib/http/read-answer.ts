import { hash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import type { Read } from './read-pingone.ts';

/** The HTTP answer to a read. */
export const readAnswer = ({ text, tag, answer }: Read): APIGatewayProxyStructuredResultV2 => {
  const correlationID = answer && correlationIDOf(answer);
  return {
    statusCode: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      etag: `"${hash('sha256', tag)}"`,
      ...(correlationID !== undefined && { 'correlation-id': correlationID }),
    },
    body: text,
  };
};
