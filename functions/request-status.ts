import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { awsRequests } from '../lib/aws-requests.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { statusEnvironment } from '../lib/config.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { requestStatusHandler } from '../lib/http/request-status.ts';
import { openLedger } from '../lib/ledger/open-ledger.ts';
import { dynamoTable } from '../lib/ledger/table.ts';
import { consoleLog as log } from '../lib/logger.ts';

const settings = z.parse(statusEnvironment, process.env);
const table = dynamoTable(new DynamoDBClient(awsRequests), settings.LEDGER_TABLE);

export const handler = requestStatusHandler({
  ledgers: endpoints.map((endpoint) => ({ endpoint, ledger: openLedger(table, endpoint.name) })),
  grants: settings.GRANTS_FILE,
  docsUrl: settings.DOCS_URL,
  log,
  now: clock.now,
});
