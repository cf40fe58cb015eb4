import { pascalCase } from '../constructs/pascal-case.ts';

/** Name of the stack with a stage's API, bus, queues and functions. */
export const serviceStackName = (stage: string): string => `pingone-provisioner-${stage}`;

/** Name of the stack with a stage's ledger and secrets. */
export const stateStackName = (stage: string): string => `${serviceStackName(stage)}-state`;

/** The output of that stack that names the ledger's table. */
export const ledgerOutput = 'LedgerTable';

/** The construct of the secret that endpoints without one of their own share. */
export const sharedSecret = 'Secret';

/** The output of that stack that names it. */
export const secretOutput = `${sharedSecret}ID`;

/** The outputs of each endpoint, for operators. */
export const endpointOutputs = [
  'QueueUrl',
  'QueueArn',
  'DeadLettersUrl',
  'DeadLettersArn',
  'UndeliveredUrl',
  'MappingId',
  'HttpFunctionName',
  'QueueFunctionName',
] as const;

/** The further outputs of an endpoint that needs deployments. */
export const deploymentOutputs = ['DeployMappingId', 'DeployFunctionName'] as const;

export type EndpointOutput = (typeof endpointOutputs | typeof deploymentOutputs)[number];

/** The stack's output of an endpoint: `CreateConnectorInstanceQueueUrl`. */
export const outputName = (endpoint: string, output: EndpointOutput): string => `${pascalCase(endpoint)}${output}`;
