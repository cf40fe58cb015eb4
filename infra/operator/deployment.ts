import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GatewayError } from '../../lib/errors.ts';
import { type EndpointOutput, outputName, serviceStackName } from '../aws/output-name.ts';
import { stages } from '../aws/stages.ts';
import { BadCommand } from './command.ts';

/** A deployed stage, by what its stack says. */
export interface Deployment {
  /** What AWS clients need beside credentials. */
  readonly client: { readonly region?: string };
  /** @throws DeploymentUnreadable */
  ledgerTable(): string;
  /** @throws DeploymentUnreadable */
  outputOf(endpoint: string, output: EndpointOutput): string;
}

/** Thrown when a stage is not deployed where it is looked for, or its stack lacks an output. */
export class DeploymentUnreadable extends GatewayError {
  override readonly name = 'DeploymentUnreadable';
}

/**
 * Reads the outputs of a stage's stack, in the region of the stage's settings, or else of the environment.
 * @throws DeploymentUnreadable, BadCommand
 */
export const readDeployment = async (stage: string): Promise<Deployment> => {
  const settings = stages[stage];
  if (settings === undefined) {
    throw new BadCommand(`--stage is one of ${Object.keys(stages).join(', ')}, not "${stage}"`);
  }
  const client = settings.region === undefined ? {} : { region: settings.region };
  const stack = serviceStackName(stage);
  const outputs = await outputsOf(new CloudFormationClient(client), stack);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value !== undefined) return value;
    throw new DeploymentUnreadable(`the stack ${stack} has no output ${name}; deploy this version of it first`);
  };
  return {
    client,
    ledgerTable: () => output('LedgerTable'),
    outputOf: (endpoint, name) => output(outputName(endpoint, name)),
  };
};

const outputsOf = async (client: CloudFormationClient, StackName: string): Promise<ReadonlyMap<string, string>> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs);
    return new Map(
      outputs.flatMap(({ OutputKey, OutputValue }) => (OutputKey && OutputValue ? [[OutputKey, OutputValue]] : [])),
    );
  } catch (cause) {
    const region = await client.config.region().catch(() => 'no region');
    throw new DeploymentUnreadable(`the stack ${StackName} can't be read in ${region}`, { cause });
  }
};
