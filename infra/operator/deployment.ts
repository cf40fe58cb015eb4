import { CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import { GatewayError } from '../../lib/problems.ts';
import { stages } from '../aws/settings/stages.ts';
import {
  type EndpointOutput,
  ledgerOutput,
  outputName,
  serviceStackName,
  stateStackName,
} from '../aws/stacks/output-name.ts';
import { BadCommand } from './command.ts';

/** AWS client options for a stage, without credentials: the stage's region, or the environment's. */
interface Client {
  readonly region?: string;
}

/** The doors of a deployed stage. */
export interface DeployedDoors {
  readonly client: Client;
  /** @throws DeploymentUnreadable */
  outputOf(endpoint: string, output: EndpointOutput): string;
}

/** Thrown when a stage is not deployed where it is looked for, or its stack lacks an output. */
export class DeploymentUnreadable extends GatewayError {
  override readonly name = 'DeploymentUnreadable';
}

/** Finds the doors of a stage. @throws DeploymentUnreadable, BadCommand */
export const deployedDoors = async (stage: string): Promise<DeployedDoors> => {
  const client = clientOf(stage);
  const output = await outputsOf(client, serviceStackName(stage));
  return { client, outputOf: (endpoint, name) => output(outputName(endpoint, name)) };
};

/** Finds the ledger of a stage. @throws DeploymentUnreadable, BadCommand */
export const deployedLedger = async (stage: string): Promise<{ readonly client: Client; readonly table: string }> => {
  const client = clientOf(stage);
  const output = await outputsOf(client, stateStackName(stage));
  return { client, table: output(ledgerOutput) };
};

const clientOf = (stage: string): Client => {
  const settings = stages[stage];
  if (settings !== undefined) return settings.region === undefined ? {} : { region: settings.region };
  throw new BadCommand(`--stage is one of ${Object.keys(stages).join(', ')}, not "${stage}"`);
};

/** Reads the outputs of a stack. */
const outputsOf = async (client: Client, stack: string): Promise<(name: string) => string> => {
  const outputs = await described(new CloudFormationClient(client), stack);
  return (name) => {
    const value = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value !== undefined) return value;
    throw new DeploymentUnreadable(`the stack ${stack} has no output ${name}; deploy this version of it first`);
  };
};

const described = async (client: CloudFormationClient, StackName: string): Promise<readonly Output[]> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks.flatMap(({ Outputs = [] }) => Outputs);
  } catch (cause) {
    const region = await client.config.region().catch(() => 'no region');
    throw new DeploymentUnreadable(`the stack ${StackName} can't be read in ${region}`, { cause });
  }
};
