import { devNull } from 'node:os';
import type { Environments } from '../../../lib/config.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { offeredBy } from '../../documents/routes.ts';
import { region } from '../aws/account.ts';
import type { AwsCredentials } from '../aws/credentials.ts';
import { ledgerTable } from '../aws/dynamodb.ts';
import { type EndpointQueues, eventBusName } from '../gateway/endpoint-queues.ts';
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

/** The environments of an endpoint's functions, by their bundles. */
export const endpointEnvironments = (endpoint: string, queues: EndpointQueues, stage: LocalStage) => {
  const { queue, deadLetters, pendingDeployments: pending } = queues;
  const calling = { ...pingOne(stage), ENDPOINT: endpoint };
  const recording = { ...calling, LEDGER_TABLE: ledgerTable };
  const creating = { ...recording, QUEUE_URL: queue.url, DEPLOY_QUEUE_URL: pending?.queue.url };
  const publishing = { GRANTS_FILE: stage.grantsFile, EVENT_BUS_NAME: eventBusName };
  const callers = callerSettings(stage);
  return {
    http: lambdaEnvironment(endpoint, stage, {
      ...creating,
      ...callers,
      ...stage.environment,
    } satisfies Environments['http']),
    queue: lambdaEnvironment(`${endpoint}-queue`, stage, {
      ...creating,
      ...publishing,
      DEAD_LETTER_QUEUE_URL: deadLetters.url,
      ...stage.environment,
    } satisfies Environments['queue']),
    read: lambdaEnvironment(`${endpoint}-read`, stage, { ...calling, ...callers } satisfies Environments['read']),
    deploy: lambdaEnvironment(`${endpoint}-deploy`, stage, {
      ...recording,
      ...callers,
    } satisfies Environments['deploy']),
    /** Only where the endpoint needs deployments. */
    'deploy-queue':
      pending &&
      lambdaEnvironment(`${endpoint}-deploy-queue`, stage, {
        ...recording,
        ...publishing,
        QUEUE_URL: pending.queue.url,
        DEAD_LETTER_QUEUE_URL: pending.deadLetters.url,
      } satisfies Environments['deploy-queue']),
  };
};

/** The environments of the functions that belong to no endpoint, by their bundles. */
export const sharedEnvironments = (queues: ReadonlyMap<string, EndpointQueues>, stage: LocalStage) => {
  const { grantsFile: GRANTS_FILE, docsUrl: DOCS_URL, environment } = stage;
  const queueUrls = Object.fromEntries([...queues].map(([name, { queue }]) => [name, queue.url]));
  return {
    'environment-lookup': lambdaEnvironment('environment-lookup', stage, {
      ...pingOne(stage),
      ...callerSettings(stage),
    } satisfies Environments['environment-lookup']),
    webhook: lambdaEnvironment('webhook', stage, {
      LEDGER_TABLE: ledgerTable,
      GRANTS_FILE,
      DOCS_URL,
      UNKNOWN_MEMBERS: environment.UNKNOWN_MEMBERS,
      WEBHOOKS: JSON.stringify(localSources),
      QUEUE_URLS: JSON.stringify(queueUrls),
    } satisfies Environments['webhook']),
    'request-status': lambdaEnvironment('request-status', stage, {
      LEDGER_TABLE: ledgerTable,
      ...callerSettings(stage),
    } satisfies Environments['request-status']),
    'not-offered': lambdaEnvironment('not-offered', stage, {
      OFFERED: offeredBy(endpoints),
      DOCS_URL,
    } satisfies Environments['not-offered']),
  };
};

/** The settings of every function that calls PingOne. */
const pingOne = ({ environment: { PINGONE_TIMEOUT_MS } }: LocalStage) => ({
  PINGONE_SECRET_ID: secretName,
  PINGONE_TIMEOUT_MS,
});

/** The settings of every function that HTTP callers call. */
const callerSettings = ({ grantsFile, docsUrl, tokenRoles }: LocalStage) => ({
  GRANTS_FILE: grantsFile,
  DOCS_URL: docsUrl,
  TOKEN_ROLES: tokenRoles,
});

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
