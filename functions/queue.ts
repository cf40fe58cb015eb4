import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { compose } from '../lib/compose.ts';
import { queueEnvironment } from '../lib/config.ts';
import { lambdaDynamoDB } from '../lib/ledger/lambda-dynamodb.ts';
import { queueHandler } from '../lib/queue/handler.ts';
import { outboxOf } from '../lib/queue/outbox.ts';
import { putOn } from '../lib/queue/publish.ts';
import { queuesAt } from '../lib/queue/queues.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { logOf } from '../lib/runtime/logger.ts';

const settings = z.parse(queueEnvironment, process.env);
const log = logOf(settings.ENDPOINT.name);
const dynamo = lambdaDynamoDB(process.env, clock);
const sqs = new SQSClient(awsRequests);
const secrets = new SecretsManagerClient(awsRequests);

export const handler = queueHandler({
  ...compose({ settings, dynamo, secrets, sqs, clock, log }),
  endpoint: settings.ENDPOINT,
  grants: settings.GRANTS_FILE,
  unknownMembers: settings.UNKNOWN_MEMBERS,
  outbox: outboxOf(putOn(new EventBridgeClient(awsRequests), settings.EVENT_BUS_NAME, clock), clock),
  queues: queuesAt(sqs, settings.QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL, clock),
  log,
  now: clock.now,
});
