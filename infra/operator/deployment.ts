import { CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import { GatewayError } from '../../lib/problems.ts';
import { findStage, StageUnusable, settingsIn } from '../aws/settings/stage-file.ts';
import {
  type EndpointOutput,
  ledgerOutput,
  outputName,
  secretOutput,
  serviceStackName,
  stateStackName,
} from '../aws/stacks/output-name.ts';
import { BadCommand } from '../command/command.ts';

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
  const { client, name } = await placeOf(stage);
  const output = await outputsOf(client, serviceStackName(name));
  return { client, outputOf: (endpoint, wanted) => output(outputName(endpoint, wanted)) };
};

/** Finds a stage's ledger, and the secret that its endpoints share. @throws DeploymentUnreadable, BadCommand */
export const deployedState = async (
  stage: string,
): Promise<{ readonly client: Client; readonly table: string; readonly secret: string }> => {
  const { client, name } = await placeOf(stage);
  const output = await outputsOf(client, stateStackName(name));
  return {
    client,
    get table() {
      return output(ledgerOutput);
    },
    get secret() {
      return output(secretOutput);
    },
  };
};

/** Where a stage is deployed. Other settings may be invalid: an emergency stop must not wait for them. */
const placeOf = async (stage: string): Promise<{ readonly name: string; readonly client: Client }> => {
  try {
    const file = findStage(stage);
    const { region } = await settingsIn(file);
    return { name: file.name, client: typeof region === 'string' ? { region } : {} };
  } catch (cause) {
    if (!(cause instanceof StageUnusable)) throw cause;
    throw new BadCommand(`--stage: ${cause.message}`, { cause });
  }
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
