import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { coreIn } from './core.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import type { DynamoDB } from './ledger/dynamodb.ts';
import type { LedgerBy } from './ledger/ledger.ts';
import { dynamoTable } from './ledger/table.ts';
import { cachedAccessToken } from './pingone/access-token.ts';
import { cachedCredentials } from './pingone/credentials.ts';
import type { Provision } from './provision/request.ts';
import { timingsOf } from './provision/timings.ts';
import type { Clock } from './runtime/clock.ts';
import { openConnections } from './runtime/connection.ts';
import type { Log } from './runtime/logger.ts';
import { openSockets } from './runtime/sockets.ts';

export interface Composition {
  readonly settings: {
    readonly ENDPOINT: Endpoint;
    readonly PINGONE_SECRET_ID: string;
    readonly LEDGER_TABLE: string;
    readonly PINGONE_TIMEOUT_MS: number;
    readonly GRACE_ANSWERED_MS: number;
    readonly GRACE_LOST_MS: number;
    readonly KEYLESS_REPLAY_MS: number;
  };
  readonly dynamo: DynamoDB;
  readonly secrets: SecretsManagerClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** Wires the core of a function with AWS's clients, one secret, one token and one set of sockets. */
export const compose = ({
  settings,
  dynamo,
  secrets,
  clock,
  log,
}: Composition): { ledger: LedgerBy; provision: Provision } => {
  const { now } = clock;
  const timings = timingsOf(settings);
  const sockets = openSockets(clock);
  const send = openConnections(clock, sockets);
  const credentials = cachedCredentials(secrets, settings.PINGONE_SECRET_ID, now, log);
  const accessToken = cachedAccessToken(credentials, send, now, timings.attempt, log);
  accessToken.ahead();
  // Connects for the first create while its token is fetched, if the token endpoint is another host.
  credentials.get().then(
    ({ api, tokens }) => {
      if (api.origin !== tokens.origin) sockets.ahead(api);
    },
    () => {},
  );
  const table = dynamoTable(dynamo, settings.LEDGER_TABLE);
  return coreIn({ endpoint: settings.ENDPOINT, timings, table, accessToken, send, clock, log });
};
