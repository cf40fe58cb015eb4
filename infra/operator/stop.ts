import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, defineCommand, option, output } from '../command/command.ts';
import { hint } from '../command/hint.ts';
import { runCommand } from '../command/run-command.ts';
import { type DeployedDoors, deployedDoors } from './deployment.ts';
import { place } from './place.ts';

interface Stopping {
  readonly lambda: LambdaClient;
  readonly deployed: DeployedDoors;
  readonly resume: boolean;
}

const endpointsNamed = (names: readonly string[]): readonly string[] => {
  const known = endpoints.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new BadCommand(`no endpoint is "${unknown}"${hint(unknown, known) || '; --help lists them'}`);
  return names.length > 0 ? names : known;
};

/** Changes a door of an endpoint, and says what that means for its callers. */
type Change = (stopping: Stopping, endpoint: string) => Promise<string>;

const changeQueue: Change = async (stopping, endpoint) => {
  const mapping = await changeMapping(stopping, endpoint, 'MappingId');
  return `${stopping.resume ? 'events are taken from the queue' : 'events wait in the queue'} (${mapping})`;
};

const changeHttp: Change = async (stopping, endpoint) => {
  const name = await changeFunction(stopping, endpoint, 'HttpFunctionName');
  return stopping.resume
    ? `HTTP callers are served (${name}: no reserved concurrency)`
    : `HTTP callers get 503 (${name}: concurrency 0)`;
};

/** Deployments after creates wait in their queue, and those on call get 503. */
const changeDeployments: Change = async (stopping, endpoint) => {
  const mapping = await changeMapping(stopping, endpoint, 'DeployMappingId');
  const name = await changeFunction(stopping, endpoint, 'DeployFunctionName');
  return `${stopping.resume ? 'services are deployed' : 'no service is deployed'} (${mapping}, ${name})`;
};

const changeMapping = async (
  { lambda, deployed, resume }: Stopping,
  endpoint: string,
  output: 'MappingId' | 'DeployMappingId',
): Promise<string> => {
  const UUID = deployed.outputOf(endpoint, output);
  const { State } = await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: resume }));
  return `mapping ${UUID}: ${State}`;
};

const changeFunction = async (
  { lambda, deployed, resume }: Stopping,
  endpoint: string,
  output: 'HttpFunctionName' | 'DeployFunctionName',
): Promise<string> => {
  const FunctionName = deployed.outputOf(endpoint, output);
  if (resume) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return FunctionName;
};

const needsDeployments = (name: string) => endpoints.some((each) => each.name === name && each.deployment);

const doors = new Map(Object.entries({ queue: changeQueue, http: changeHttp, deployments: changeDeployments }));

await runCommand(
  defineCommand({
    call: 'npm run stop',
    summary: `Stops a deployed stage, or resumes it: npm run resume -- --stage STAGE. Events wait in their queue for four days,
unharmed; HTTP callers get 503, and nothing is sent. A deployment does not resume what was stopped.
Without an ENDPOINT all of them: ${endpoints.map(({ name }) => name).join(', ')}.`,
    args: ['ENDPOINT…'],
    needs: '--stage STAGE',
    flags: {
      stage: place.stage,
      door: option('DOOR', 'queue, http or deployments alone; by default all', { choices: [...doors.keys()] }),
      resume: { type: 'boolean', default: false, help: 'resumes; npm run resume has it' },
      output,
    },
    fails: 'AWS refused',
    run: async ({ args, values: { stage, door, resume }, print }) => {
      if (stage === undefined) throw new BadCommand('--stage STAGE is missing; --help explains it');
      const chosen = endpointsNamed(args);
      const deployed = await deployedDoors(stage);
      const stopping = { lambda: new LambdaClient(deployed.client), deployed, resume };
      for (const endpoint of chosen) {
        for (const [name, change] of doors) {
          if (door !== undefined && door !== name) continue;
          if (name === 'deployments' && !needsDeployments(endpoint)) continue;
          const message = await change(stopping, endpoint);
          print({ endpoint, door: name, message, resume }, `${endpoint}: ${message}`);
        }
      }
    },
  }),
);
