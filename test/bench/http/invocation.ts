import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { functionLimits } from '../../../infra/deployment.ts';

export type Handler = (event: unknown, context: Partial<Context>) => Promise<{ readonly statusCode: number }>;

/** Loads a bundle as Lambda's runtime does: CommonJS by `require`, other modules by `import`. */
export const load = async (bundle: string): Promise<{ handler: Handler }> =>
  bundle.endsWith('.cjs') ? createRequire(import.meta.url)(bundle) : import(pathToFileURL(bundle).href);

/** Sends one request through a handler. Throws if the answer is not 201. */
export const send = async (handler: Handler, event: APIGatewayProxyEventV2, key: string, name = key): Promise<void> => {
  const end = Date.now() + functionLimits.http.timeoutSeconds * 1000;
  const { statusCode, ...rest } = await handler(withKey(event, key, name), {
    awsRequestId: key,
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => end - Date.now(),
  });
  if (statusCode !== 201) throw new Error(`answered ${statusCode}: ${JSON.stringify(rest)}`);
};

/** An event with a key and a name of its own. */
const withKey = (event: APIGatewayProxyEventV2, key: string, name: string) => ({
  ...event,
  headers: { ...event.headers, 'idempotency-key': key },
  body: event.body?.replace('"API_HTTP_Connection"', `"${name}"`),
});

/** Logs as Lambda does where the log format is JSON. */
export const logAsLambda = (): void => {
  for (const level of ['info', 'log', 'warn', 'error', 'debug'] as const) {
    console[level] = (message: unknown) => {
      const line = { timestamp: new Date().toISOString(), level: level.toUpperCase(), requestId: 'bench', message };
      writeSync(1, `${JSON.stringify(line)}\n`);
    };
  }
};
