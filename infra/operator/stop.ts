import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, defineCommand, output } from '../command/command.ts';
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

interface ChangedDoor {
  readonly endpoint: string;
  readonly door: 'queue' | 'http' | 'deployments';
  readonly message: string;
}

type Change = (stopping: Stopping, endpoint: string) => Promise<ChangedDoor>;

const changeQueue: Change = async ({ lambda, deployed, resume }, endpoint) => {
  const UUID = deployed.outputOf(endpoint, 'MappingId');
  const { State } = await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: resume }));
  const words = resume ? 'events are taken from the queue' : 'events wait in the queue';
  return { endpoint, door: 'queue', message: `${words} (mapping ${UUID}: ${State})` };
};

const changeHttp: Change = async ({ lambda, deployed, resume }, endpoint) => {
  const FunctionName = deployed.outputOf(endpoint, 'HttpFunctionName');
  if (resume) {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    return { endpoint, door: 'http', message: `HTTP callers are served (${FunctionName}: no reserved concurrency)` };
  }
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return { endpoint, door: 'http', message: `HTTP callers get 503 (${FunctionName}: concurrency 0)` };
};

/** Deployments after creates wait in their queue, and those on call get 503. */
const changeDeployments: Change = async ({ lambda, deployed, resume }, endpoint) => {
  const UUID = deployed.outputOf(endpoint, 'DeployMappingId');
  const FunctionName = deployed.outputOf(endpoint, 'DeployFunctionName');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: resume }));
  const change = resume
    ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
    : lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await change;
  const words = resume ? 'services are deployed' : 'no service is deployed';
  return { endpoint, door: 'deployments', message: `${words} (mapping ${UUID}, ${FunctionName})` };
};

const needsDeployments = (name: string) => endpoints.some((each) => each.name === name && each.deployment);

const doors = new Map([
  ['queue', changeQueue],
  ['http', changeHttp],
  ['deployments', changeDeployments],
]);

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
      door: {
        type: 'string',
        argument: 'DOOR',
        choices: [...doors.keys()],
        help: 'queue, http or deployments alone; by default all',
      },
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
          const changed = await change(stopping, endpoint);
          print({ ...changed, resume }, `${endpoint}: ${changed.message}`);
        }
      }
    },
  }),
);
