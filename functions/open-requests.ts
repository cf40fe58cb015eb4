import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { gaugeEnvironment } from '../lib/config.ts';
import { openRequestsGauge } from '../lib/ledger/open-requests-gauge.ts';
import { scanWaiting } from '../lib/ledger/scan-open.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock } from '../lib/runtime/clock.ts';
import { consoleLog } from '../lib/runtime/logger.ts';

const { LEDGER_TABLE: table } = z.parse(gaugeEnvironment, process.env);
const dynamo = new DynamoDBClient(awsRequests);

export const handler = openRequestsGauge({
  openAt: (now) => scanWaiting({ dynamo, table, now, consistent: false }),
  log: consoleLog,
  now: systemClock.now,
});
