import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { composeDeployments } from '../lib/compose.ts';
import { deployEnvironment } from '../lib/config.ts';
import { deployHandler } from '../lib/http/deploy.ts';
import { lambdaDynamoDB } from '../lib/ledger/lambda-dynamodb.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { logOf } from '../lib/runtime/logger.ts';

const settings = z.parse(deployEnvironment, process.env);
const log = logOf(settings.ENDPOINT.name);
const dynamo = lambdaDynamoDB(process.env, clock);

export const handler = deployHandler({
  ...composeDeployments({ settings, dynamo, secrets: new SecretsManagerClient(awsRequests), clock, log }),
  endpoint: settings.ENDPOINT,
  grants: settings.GRANTS_FILE,
  tokenRoles: settings.TOKEN_ROLES,
  docsUrl: settings.DOCS_URL,
});
