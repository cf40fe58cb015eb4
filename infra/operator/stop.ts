import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, parseCommand, runCommand } from './command.ts';
import { type DeployedDoors, deployedDoors } from './deployment.ts';

const help = `Stops a deployed stage, or resumes it. Events wait in their queue for four days, unharmed; HTTP callers
get 503, and nothing is sent. A deployment does not resume what was stopped.

Usage: npm run stop -- --stage NAME [ENDPOINT …] [flags]
       npm run resume -- --stage NAME [ENDPOINT …] [flags]

Without an ENDPOINT all of them: ${endpoints.map(({ name }) => name).join(', ')}.

  --stage NAME        a deployed stage, by the credentials of its role StopRoleArn
  --door http|queue   one of both doors
`;

interface Stopping {
  readonly lambda: LambdaClient;
  readonly deployed: DeployedDoors;
  readonly resume: boolean;
}

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, {
    stage: { type: 'string' },
    door: { type: 'string' },
    resume: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const { stage, door, resume } = values;
  if (stage === undefined) throw new BadCommand('--stage NAME is missing; --help explains it');
  const chosen = endpointsNamed(positionals);
  const wanted = doorsNamed(door);
  const deployed = await deployedDoors(stage);
  const stopping = { lambda: new LambdaClient(deployed.client), deployed, resume };
  for (const endpoint of chosen) for (const change of wanted) console.log(await change(stopping, endpoint));
};

const endpointsNamed = (names: readonly string[]): readonly string[] => {
  const known = endpoints.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new BadCommand(`no endpoint is "${unknown.join('" or "')}"; --help lists them`);
  return names.length > 0 ? names : known;
};

type Change = (stopping: Stopping, endpoint: string) => Promise<string>;

const changeQueue: Change = async ({ lambda, deployed, resume }, endpoint) => {
  const UUID = deployed.outputOf(endpoint, 'MappingId');
  const { State } = await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: resume }));
  const words = resume ? 'events are taken from the queue' : 'events wait in the queue';
  return `${endpoint}: ${words} (mapping ${UUID}: ${State})`;
};

const changeHttp: Change = async ({ lambda, deployed, resume }, endpoint) => {
  const FunctionName = deployed.outputOf(endpoint, 'HttpFunctionName');
  if (resume) {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    return `${endpoint}: HTTP callers are served (${FunctionName}: no reserved concurrency)`;
  }
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return `${endpoint}: HTTP callers get 503 (${FunctionName}: concurrency 0)`;
};

const doors = new Map([
  ['queue', changeQueue],
  ['http', changeHttp],
]);

const doorsNamed = (door: string | undefined): readonly Change[] => {
  if (door === undefined) return [...doors.values()];
  const change = doors.get(door);
  if (change === undefined) throw new BadCommand(`--door is ${[...doors.keys()].join(' or ')}, not "${door}"`);
  return [change];
};

await runCommand(run);
