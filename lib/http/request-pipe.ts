import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Log } from '../runtime/logger.ts';
import { type HttpEvent, requestsOnly } from './event.ts';
import { problemAnswers } from './problem.ts';

/** The start of every HTTP function's pipe. middy's own timer is off: each function ends its calls by a deadline. */
export const requestPipe = (docsUrl: string, log: Log) =>
  middy<HttpEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(problemAnswers(docsUrl, log))
    .use(requestsOnly());
