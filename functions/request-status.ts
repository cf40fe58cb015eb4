import * as z from 'zod/mini';
import { statusEnvironment } from '../lib/config.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { requestStatusHandler } from '../lib/http/request-status.ts';
import { lambdaDynamoDB } from '../lib/ledger/lambda-dynamodb.ts';
import { openLedger } from '../lib/ledger/open-ledger.ts';
import { openPendingDeployments } from '../lib/ledger/pending-deployments.ts';
import { dynamoTable } from '../lib/ledger/table.ts';
import { defaultTimings } from '../lib/provision/timings.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { consoleLog as log } from '../lib/runtime/logger.ts';

const settings = z.parse(statusEnvironment, process.env);
const table = dynamoTable(lambdaDynamoDB(process.env, clock), settings.LEDGER_TABLE);

export const handler = requestStatusHandler({
  endpoints,
  ledger: (endpoint, deadline) => openLedger(table(deadline), endpoint.name, defaultTimings.clockSkew),
  pendingDeployments: (endpoint, deadline) => openPendingDeployments(table(deadline), endpoint.name),
  grants: settings.GRANTS_FILE,
  tokenRoles: settings.TOKEN_ROLES,
  docsUrl: settings.DOCS_URL,
  log,
  now: clock.now,
});
