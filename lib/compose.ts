import { randomUUID } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { coreIn } from './core.ts';
import type { DeployParts } from './deploy/attempt.ts';
import { addPendingDeploymentWith } from './deploy/pending-deployment.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { openDeployments } from './ledger/deployments.ts';
import type { DynamoDB } from './ledger/dynamodb.ts';
import type { LedgerBy } from './ledger/ledger.ts';
import { openPendingDeployments } from './ledger/pending-deployments.ts';
import { dynamoTable } from './ledger/table.ts';
import { cachedAccessToken } from './pingone/access-token.ts';
import { type PingOne, pingOneClient } from './pingone/client.ts';
import { cachedCredentials } from './pingone/credentials.ts';
import type { Provision } from './provision/request.ts';
import { defaultTimings, timingsOf } from './provision/timings.ts';
import type { Clock } from './runtime/clock.ts';
import { openConnections } from './runtime/connection.ts';
import type { Log } from './runtime/logger.ts';
import { openSockets } from './runtime/sockets.ts';

interface ReadComposition {
  readonly settings: { readonly PINGONE_SECRET_ID: string; readonly PINGONE_TIMEOUT_MS: number };
  readonly secrets: SecretsManagerClient;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Composition extends ReadComposition {
  readonly settings: {
    readonly ENDPOINT: Endpoint;
    readonly PINGONE_SECRET_ID: string;
    readonly LEDGER_TABLE: string;
    readonly PINGONE_TIMEOUT_MS: number;
    readonly GRACE_ANSWERED_MS: number;
    readonly GRACE_LOST_MS: number;
    readonly KEYLESS_REPLAY_MS: number;
    readonly DEPLOY_QUEUE_URL?: string | undefined;
    readonly DEPLOY_DELAY_MS: number;
  };
  readonly dynamo: DynamoDB;
  readonly sqs: SQSClient;
}

/** Wires a client that only reads, with one secret, one token and one set of sockets. */
export const composeReads = (parts: ReadComposition): Pick<PingOne, 'get'> => {
  const { clock, settings } = parts;
  const { accessToken, send } = connect(parts);
  return pingOneClient({ accessToken, send, clock, timeoutMs: settings.PINGONE_TIMEOUT_MS });
};

interface DeployComposition extends ReadComposition {
  readonly settings: ReadComposition['settings'] & { readonly ENDPOINT: Endpoint; readonly LEDGER_TABLE: string };
  readonly dynamo: DynamoDB;
}

/** Wires a function that deploys. */
export const composeDeployments = (parts: DeployComposition): DeployParts => {
  const { settings, dynamo, clock, log } = parts;
  const { accessToken, send } = connect(parts);
  const table = dynamoTable(dynamo, settings.LEDGER_TABLE);
  const { clockSkew: clockSkewMs } = defaultTimings;
  return {
    deployments: (deadline) => openDeployments(table(deadline), settings.ENDPOINT.name, clockSkewMs),
    pingOne: pingOneClient({ accessToken, send, clock, timeoutMs: settings.PINGONE_TIMEOUT_MS }),
    send,
    clock,
    clockSkewMs,
    newOwner: randomUUID,
    log,
  };
};

/** Wires the core of a function with AWS's clients, one secret, one token and one set of sockets. */
export const compose = (parts: Composition): { ledger: LedgerBy; provision: Provision } => {
  const { settings, dynamo, sqs, clock, log } = parts;
  const timings = timingsOf(settings);
  const { accessToken, send } = connect(parts);
  const table = dynamoTable(dynamo, settings.LEDGER_TABLE);
  const { ENDPOINT: endpoint, DEPLOY_QUEUE_URL: queueUrl, DEPLOY_DELAY_MS: delayMs } = settings;
  const pendingDeployments = (deadline: number) => openPendingDeployments(table(deadline), endpoint.name);
  const addPending = addPendingDeploymentWith({ endpoint, pendingDeployments, sqs, queueUrl, delayMs, clock });
  return coreIn({ endpoint, timings, table, accessToken, send, clock, log, addPending });
};

/** Starts to fetch a token. */
const connect = ({ settings, secrets, clock, log }: ReadComposition) => {
  const { now } = clock;
  const sockets = openSockets(clock);
  const send = openConnections(clock, sockets);
  const credentials = cachedCredentials(secrets, settings.PINGONE_SECRET_ID, now, log);
  const accessToken = cachedAccessToken(credentials, send, now, settings.PINGONE_TIMEOUT_MS, log);
  accessToken.prefetch();
  // Connects for the first create while its token is fetched, if the token endpoint is another host.
  credentials.get().then(
    ({ api, tokens }) => {
      if (api.origin !== tokens.origin) sockets.preconnect(api);
    },
    () => {},
  );
  return { accessToken, send };
};
