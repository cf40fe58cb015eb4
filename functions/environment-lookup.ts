import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { composeReads } from '../lib/compose.ts';
import { lookupEnvironment } from '../lib/config.ts';
import { environmentLookupHandler } from '../lib/http/environment-lookup.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { consoleLog as log } from '../lib/runtime/logger.ts';

const settings = z.parse(lookupEnvironment, process.env);
const { get } = composeReads({ settings, secrets: new SecretsManagerClient(awsRequests), clock, log });

export const handler = environmentLookupHandler({
  grants: settings.GRANTS_FILE,
  tokenRoles: settings.TOKEN_ROLES,
  get,
  docsUrl: settings.DOCS_URL,
  log,
  now: clock.now,
});
