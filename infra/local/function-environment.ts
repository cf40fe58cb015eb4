import { devNull } from 'node:os';
import type { CreateEnvironment } from '../../lib/config.ts';
import { ledgerTable } from './aws/dynamodb.ts';

/** The name of the secret that holds the worker application's credentials. */
export const secretName = 'pingone-provisioner/worker-application';

const region = 'us-east-1';

export interface Surroundings {
  readonly awsEndpoint: string;
  readonly docsUrl: string;
  readonly environment: Partial<CreateEnvironment>;
}

/** All that the function of an endpoint sees in `process.env`: what Lambda gives it, and its own settings. */
export const functionEnvironment = (endpoint: string, surroundings: Surroundings): Record<string, string> => {
  const { awsEndpoint, docsUrl, environment } = surroundings;
  const settings: CreateEnvironment = {
    ENDPOINT: endpoint,
    PINGONE_SECRET_ID: secretName,
    LEDGER_TABLE: ledgerTable,
    DOCS_URL: docsUrl,
    ...environment,
  };
  const lambda = {
    AWS_LAMBDA_FUNCTION_NAME: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: awsEndpoint,
    // There are no such files on Lambda: this machine's must not reach the SDK.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
  const all = Object.entries({ ...lambda, ...settings });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
};
