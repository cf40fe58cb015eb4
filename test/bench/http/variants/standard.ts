import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createConnectorInstance, parseRequest } from './pingone-by-fetch.ts';

const serviceName = 'pingone-provisioner';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ namespace: 'PingOneProvisioner', serviceName });

/** Thrown with an answer that the caller gets, and that is not kept. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly statusCode: number;
  readonly body: string;

  constructor(statusCode: number, body: string) {
    super(`refused with ${statusCode}`);
    this.statusCode = statusCode;
    this.body = body;
  }
}

const create = async (event: APIGatewayProxyEventV2, _context: Context) => {
  const request = parseRequest(event);
  if (!request.success) {
    throw new Refused(400, JSON.stringify({ message: 'Invalid request', issues: request.error.issues }));
  }
  const { statusCode, body } = await createConnectorInstance(request.data);
  if (statusCode !== 201) throw new Refused(statusCode, body);
  metrics.addMetric('created', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode, headers: { 'content-type': 'application/json' }, body };
};

// The wrapper around the function: the middleware mixes up requests that one instance serves at a time.
const createOnce = makeIdempotent(create, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: process.env.LEDGER_TABLE ?? '', keyAttr: 'pk' }),
  config: new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"', throwOnNoIdempotencyKey: true }),
});

/** The handler on the stack that AWS's own guides recommend. */
export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error>()
  .use(injectLambdaContext(logger))
  .handler(async (event, context) => {
    const answer = await createOnce(event, context);
    logger.info('created', { environmentID: event.pathParameters?.environmentID });
    return answer;
  })
  .onError((request) => {
    const { error } = request;
    logger.error('failed', { error });
    const { statusCode, body } = error instanceof Refused ? error : new Refused(502, '{"message":"Failed"}');
    request.response = { statusCode, headers: { 'content-type': 'application/json' }, body };
  });
