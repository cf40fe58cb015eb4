import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { awsRequests } from '../lib/aws-requests.ts';
import { systemClock } from '../lib/clock.ts';
import { gaugeEnvironment } from '../lib/config.ts';
import { scanOpen } from '../lib/ledger/scan-open.ts';
import { consoleLog } from '../lib/logger.ts';
import { openRequestsGauge } from '../lib/open-requests.ts';

const { LEDGER_TABLE: table } = z.parse(gaugeEnvironment, process.env);
const dynamo = new DynamoDBClient(awsRequests);

export const handler = openRequestsGauge({
  openAt: (now) => scanOpen({ dynamo, table, now, consistent: false }),
  log: consoleLog,
  now: systemClock.now,
});
