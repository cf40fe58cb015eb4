import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { webhookEnvironment } from '../lib/config.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { acceptWith } from '../lib/intake/accept.ts';
import { lambdaDynamoDB } from '../lib/ledger/lambda-dynamodb.ts';
import { openLedger } from '../lib/ledger/open-ledger.ts';
import { dynamoTable } from '../lib/ledger/table.ts';
import { defaultTimings } from '../lib/provision/timings.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { consoleLog as log } from '../lib/runtime/logger.ts';
import { webhookHandler } from '../lib/webhook/handler.ts';
import { keysFrom } from '../lib/webhook/secrets.ts';
import { sources } from '../lib/webhook/source.ts';

const settings = z.parse(webhookEnvironment, process.env);
const table = dynamoTable(lambdaDynamoDB(process.env, clock), settings.LEDGER_TABLE);
const queueUrls = z.parse(z.record(z.string(), z.url()), JSON.parse(settings.QUEUE_URLS));
const secrets = new SecretsManagerClient(awsRequests);
const sqs = new SQSClient(awsRequests);

export const handler = webhookHandler({
  sources: new Map(
    Object.entries(z.parse(sources, JSON.parse(settings.WEBHOOKS))).map(([name, scheme]) => [
      name,
      { scheme, keys: keysFrom(secrets, scheme, clock.now, log) },
    ]),
  ),
  endpoints,
  accept: ({ name }) =>
    acceptWith({
      ledger: (deadline) => openLedger(table(deadline), name, defaultTimings.clockSkew),
      sqs,
      queueUrl: queueUrls[name] ?? '',
      clock,
      log,
    }),
  grants: settings.GRANTS_FILE,
  unknownMembers: settings.UNKNOWN_MEMBERS,
  docsUrl: settings.DOCS_URL,
  log,
  now: clock.now,
});
