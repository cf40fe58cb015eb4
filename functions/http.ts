import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { compose } from '../lib/compose.ts';
import { httpEnvironment } from '../lib/config.ts';
import { httpHandler } from '../lib/http/handler.ts';
import { acceptWith } from '../lib/intake/accept.ts';
import { lambdaDynamoDB } from '../lib/ledger/lambda-dynamodb.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { logOf } from '../lib/runtime/logger.ts';

const settings = z.parse(httpEnvironment, process.env);
const log = logOf(settings.ENDPOINT.name);
const dynamo = lambdaDynamoDB(process.env, clock);
const secrets = new SecretsManagerClient(awsRequests);
const sqs = new SQSClient(awsRequests);
const { ledger, provision } = compose({ settings, dynamo, secrets, sqs, clock, log });

export const handler = httpHandler({
  endpoint: settings.ENDPOINT,
  grants: settings.GRANTS_FILE,
  tokenRoles: settings.TOKEN_ROLES,
  provision,
  accept: acceptWith({ ledger, sqs, queueUrl: settings.QUEUE_URL, clock, log }),
  docsUrl: settings.DOCS_URL,
  unknownMembers: settings.UNKNOWN_MEMBERS,
  log,
  now: clock.now,
});
