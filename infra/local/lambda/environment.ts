import { devNull } from 'node:os';
import type { Environments } from '../../../lib/config.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { offeredBy } from '../../documents/routes.ts';
import { region } from '../aws/account.ts';
import type { AwsCredentials } from '../aws/credentials.ts';
import { ledgerTable } from '../aws/dynamodb.ts';
import { type EndpointQueues, eventBusName, type QueuePair } from '../gateway/endpoint-queues.ts';
import { localSources } from '../gateway/local-webhook.ts';

/** The name of the secret with the worker application's credentials. */
export const secretName = 'pingone-provisioner/worker-application';

/** The settings of a local run, which a stage has in a deployment. */
export interface LocalStage {
  readonly awsEndpoint: string;
  readonly awsCredentials: AwsCredentials;
  readonly docsUrl: string;
  /** The path of the grants. */
  readonly grantsFile: string;
  /** The roles of which a caller's token needs one, separated by spaces. */
  readonly tokenRoles?: string | undefined;
  /** More settings of functions that create. */
  readonly environment: Partial<Environments['http'] & Environments['queue']>;
}

/** The environment of an endpoint's HTTP function. */
export const httpEnvironment = (endpoint: string, { queue, pendingDeployments }: EndpointQueues, stage: LocalStage) =>
  lambdaEnvironment(endpoint, stage, {
    ...shared,
    ENDPOINT: endpoint,
    ...callerSettings(stage),
    QUEUE_URL: queue.url,
    DEPLOY_QUEUE_URL: pendingDeployments?.queue.url,
    ...stage.environment,
  } satisfies Environments['http']);

/** The environment of an endpoint's queue function. */
export const queueEnvironment = (endpoint: string, queues: EndpointQueues, stage: LocalStage) =>
  lambdaEnvironment(`${endpoint}-queue`, stage, {
    ...shared,
    ENDPOINT: endpoint,
    GRANTS_FILE: stage.grantsFile,
    EVENT_BUS_NAME: eventBusName,
    QUEUE_URL: queues.queue.url,
    DEPLOY_QUEUE_URL: queues.pendingDeployments?.queue.url,
    DEAD_LETTER_QUEUE_URL: queues.deadLetters.url,
    ...stage.environment,
  } satisfies Environments['queue']);

/** The environment of an endpoint's read function. */
export const readEnvironment = (endpoint: string, stage: LocalStage) =>
  lambdaEnvironment(`${endpoint}-read`, stage, {
    PINGONE_SECRET_ID: shared.PINGONE_SECRET_ID,
    ENDPOINT: endpoint,
    ...callerSettings(stage),
    PINGONE_TIMEOUT_MS: stage.environment.PINGONE_TIMEOUT_MS,
  } satisfies Environments['read']);

/** The environment of an endpoint's function that deploys on call. */
export const deployEnvironment = (endpoint: string, stage: LocalStage) =>
  lambdaEnvironment(`${endpoint}-deploy`, stage, {
    ...shared,
    ENDPOINT: endpoint,
    ...callerSettings(stage),
    PINGONE_TIMEOUT_MS: stage.environment.PINGONE_TIMEOUT_MS,
  } satisfies Environments['deploy']);

/** The environment of the function that looks up PingOne environments. */
export const lookupEnvironment = (stage: LocalStage) =>
  lambdaEnvironment('environment-lookup', stage, {
    PINGONE_SECRET_ID: shared.PINGONE_SECRET_ID,
    ...callerSettings(stage),
    PINGONE_TIMEOUT_MS: stage.environment.PINGONE_TIMEOUT_MS,
  } satisfies Environments['environment-lookup']);

/** The environment of the function for webhooks. */
export const webhookEnvironment = (queues: ReadonlyMap<string, EndpointQueues>, stage: LocalStage) =>
  lambdaEnvironment('webhook', stage, {
    LEDGER_TABLE: ledgerTable,
    GRANTS_FILE: stage.grantsFile,
    DOCS_URL: stage.docsUrl,
    UNKNOWN_MEMBERS: stage.environment.UNKNOWN_MEMBERS,
    WEBHOOKS: JSON.stringify(localSources),
    QUEUE_URLS: JSON.stringify(Object.fromEntries([...queues].map(([name, { queue }]) => [name, queue.url]))),
  } satisfies Environments['webhook']);

/** The environment of an endpoint's function for pending deployments. */
export const deployQueueEnvironment = (endpoint: string, { queue, deadLetters }: QueuePair, stage: LocalStage) =>
  lambdaEnvironment(`${endpoint}-deploy-queue`, stage, {
    ...shared,
    ENDPOINT: endpoint,
    GRANTS_FILE: stage.grantsFile,
    EVENT_BUS_NAME: eventBusName,
    QUEUE_URL: queue.url,
    DEAD_LETTER_QUEUE_URL: deadLetters.url,
    PINGONE_TIMEOUT_MS: stage.environment.PINGONE_TIMEOUT_MS,
  } satisfies Environments['deploy-queue']);

/** The environment of the function for the status of requests. */
export const statusEnvironment = (stage: LocalStage) =>
  lambdaEnvironment('request-status', stage, {
    LEDGER_TABLE: ledgerTable,
    ...callerSettings(stage),
  } satisfies Environments['request-status']);

/** The environment of the function for requests that the API does not offer. */
export const notOfferedEnvironment = (stage: LocalStage) =>
  lambdaEnvironment('not-offered', stage, {
    OFFERED: offeredBy(endpoints),
    DOCS_URL: stage.docsUrl,
  } satisfies Environments['not-offered']);

/** The settings of every function that HTTP callers call. */
const callerSettings = ({ grantsFile, docsUrl, tokenRoles }: LocalStage) => ({
  GRANTS_FILE: grantsFile,
  DOCS_URL: docsUrl,
  TOKEN_ROLES: tokenRoles,
});

const shared = { PINGONE_SECRET_ID: secretName, LEDGER_TABLE: ledgerTable };

/** Lambda's own variables, and the settings of a function. */
const lambdaEnvironment = (
  name: string,
  { awsEndpoint, awsCredentials }: LocalStage,
  settings: Readonly<Record<string, string | undefined>>,
): Record<string, string> => {
  const lambda = {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: awsCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: awsEndpoint,
    // Lambda has none of these files: this machine's must not reach the SDK.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
  const all = Object.entries({ ...lambda, ...settings });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
};
