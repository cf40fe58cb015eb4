import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { systemClock as clock } from '../lib/clock.ts';
import { createEnvironment } from '../lib/config.ts';
import { httpHandler } from '../lib/http/handler.ts';
import { openLedger } from '../lib/ledger/ledger.ts';
import { dynamoTable } from '../lib/ledger/table.ts';
import { consoleLog as log } from '../lib/logger.ts';
import { keepAccessToken } from '../lib/pingone/access-token.ts';
import { pingOneClient } from '../lib/pingone/client.ts';
import { openConnections } from '../lib/pingone/connection.ts';
import { keepCredentials } from '../lib/pingone/credentials.ts';
import { provisionWith } from '../lib/provision/provision.ts';
import { timingsOf } from '../lib/provision/timings.ts';

const environment = z.parse(createEnvironment, process.env);
const { ENDPOINT: endpoint } = environment;
const { now } = clock;
const timings = timingsOf(environment);
const requestHandler = { connectionTimeout: 1000, requestTimeout: 3000 };

const send = openConnections(clock);
const credentials = keepCredentials(new SecretsManagerClient({ requestHandler }), environment.PINGONE_SECRET_ID, now);
const accessToken = keepAccessToken(credentials, send, now, timings.attempt);
const pingOne = pingOneClient({ accessToken, send, now, timeoutMs: timings.attempt });
const ledger = openLedger(dynamoTable(new DynamoDBClient({ requestHandler }), environment.LEDGER_TABLE), endpoint.name);

export const handler = httpHandler({
  endpoint,
  provision: provisionWith({ pingOne, ledger, clock, timings, random: Math.random, newOwner: randomUUID, log }),
  docsUrl: environment.DOCS_URL,
  unknownMembers: environment.UNKNOWN_MEMBERS,
  log,
  now,
});
