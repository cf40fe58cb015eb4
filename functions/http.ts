import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { createEnvironment } from '../lib/config.ts';
import { httpHandler } from '../lib/http/handler.ts';
import { consoleLog } from '../lib/logger.ts';
import { keepAccessToken } from '../lib/pingone/access-token.ts';
import { pingOneClient } from '../lib/pingone/client.ts';
import { openConnections } from '../lib/pingone/connection.ts';
import { keepCredentials } from '../lib/pingone/credentials.ts';
import { provisionBy } from '../lib/provision.ts';

const environment = z.parse(createEnvironment, process.env);
const now = Date.now;
const send = openConnections(now);
const timeoutMs = environment.PINGONE_TIMEOUT_MS;
const secrets = new SecretsManagerClient({ requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 } });
const credentials = keepCredentials(secrets, environment.PINGONE_SECRET_ID, now);
const accessToken = keepAccessToken(credentials, send, now, timeoutMs);

export const handler = httpHandler({
  endpoint: environment.ENDPOINT,
  provision: provisionBy(pingOneClient({ accessToken, send, now, timeoutMs })),
  docsUrl: environment.DOCS_URL,
  unknownMembers: environment.UNKNOWN_MEMBERS,
  log: consoleLog,
  now,
});
