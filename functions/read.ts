import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { composeReads } from '../lib/compose.ts';
import { readEnvironment } from '../lib/config.ts';
import { readHandler } from '../lib/http/read.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';
import { logOf } from '../lib/runtime/logger.ts';

const settings = z.parse(readEnvironment, process.env);
const log = logOf(settings.ENDPOINT.name);
const { get } = composeReads({ settings, secrets: new SecretsManagerClient(awsRequests), clock, log });

export const handler = readHandler({
  endpoint: settings.ENDPOINT,
  grants: settings.GRANTS_FILE,
  tokenRoles: settings.TOKEN_ROLES,
  get,
  docsUrl: settings.DOCS_URL,
  log,
  now: clock.now,
});
