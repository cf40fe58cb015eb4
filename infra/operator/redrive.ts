import {
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, parseCommand, runCommand } from './command.ts';
import { deployedDoors } from './deployment.ts';
import { localClient, localQueues } from './local-run.ts';

const help = `Shows the dead letters of an endpoint, without their bodies, or moves them back into its queue.

Usage: npm run redrive -- show ENDPOINT [flags]
       npm run redrive -- start ENDPOINT [flags]
       npm run redrive -- status ENDPOINT [flags]

ENDPOINT is ${endpoints.map(({ name }) => name).join(' or ')}.

  --stage NAME        a deployed stage, by the credentials of its role RedriveRoleArn
  --rate N            how many messages a second start moves (default: 5)
  --local [--url URL] the local run's AWS, http://127.0.0.1:3001 unless URL says otherwise
`;

interface DeadLetters {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly arn: string;
  readonly queueArn: string;
}

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, {
    stage: { type: 'string' },
    rate: { type: 'string', default: '5' },
    local: { type: 'boolean' },
    url: { type: 'string', default: 'http://127.0.0.1:3001' },
    help: { type: 'boolean' },
  });
  const [name, endpoint, ...more] = positionals;
  if (values.help || name === undefined) {
    console.log(help);
    return;
  }
  const command = commands.get(name);
  if (!command || more.length > 0) {
    throw new BadCommand(`unknown command "${positionals.join(' ')}"; --help lists them`);
  }
  if (!endpoints.some((known) => known.name === endpoint) || endpoint === undefined) {
    throw new BadCommand(`${name} needs an endpoint: ${endpoints.map((known) => known.name).join(' or ')}`);
  }
  await command(await deadLettersOf(endpoint, values), rateOf(values.rate));
};

const rateOf = (text: string): number => {
  const rate = Number(text);
  if (!Number.isInteger(rate) || rate < 1 || rate > 500) throw new BadCommand(`--rate is 1 to 500, not "${text}"`);
  return rate;
};

const deadLettersOf = async (
  endpoint: string,
  { stage, local, url }: { stage?: string | undefined; local?: boolean | undefined; url: string },
): Promise<DeadLetters> => {
  const connect = (client: SQSClientConfig) => new SQSClient(client);
  if ((stage === undefined) === !local) throw new BadCommand('say where: --stage NAME or --local');
  if (stage === undefined) return { sqs: connect(localClient(url)), ...localQueues(endpoint, url) };
  const { client, outputOf } = await deployedDoors(stage);
  return {
    sqs: connect(client),
    url: outputOf(endpoint, 'DeadLettersUrl'),
    arn: outputOf(endpoint, 'DeadLettersArn'),
    queueArn: outputOf(endpoint, 'QueueArn'),
  };
};

/** Shows up to ten messages and leaves them in the queue. Bodies contain secrets of connectors: they are not shown. */
const show = async ({ sqs, url }: DeadLetters): Promise<void> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  for (const { MessageId, Attributes, MessageAttributes = {}, Body = '' } of Messages) {
    const { Code, Reason, OriginalMessageId } = MessageAttributes;
    const line = {
      message: MessageId,
      sent: Attributes?.SentTimestamp && new Date(Number(Attributes.SentTimestamp)).toISOString(),
      code: Code?.StringValue,
      reason: Reason?.StringValue,
      original: OriginalMessageId?.StringValue,
      bytes: Buffer.byteLength(Body),
    };
    console.log(JSON.stringify(line));
  }
  if (Messages.length === 0) console.error('No dead letter is visible.');
};

/** Names the destination: without it SQS moves back only messages that SQS itself moved here. */
const start = async ({ sqs, arn, queueArn }: DeadLetters, rate: number): Promise<void> => {
  const task = { SourceArn: arn, DestinationArn: queueArn, MaxNumberOfMessagesPerSecond: rate };
  await sqs.send(new StartMessageMoveTaskCommand(task));
  console.log(JSON.stringify({ redrive: 'started', from: arn, to: queueArn, rate }));
};

const status = async ({ sqs, arn }: DeadLetters): Promise<void> => {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 10 }));
  for (const task of Results) {
    const line = {
      redrive: task.Status,
      started: task.StartedTimestamp && new Date(task.StartedTimestamp).toISOString(),
      moved: task.ApproximateNumberOfMessagesMoved,
      of: task.ApproximateNumberOfMessagesToMove,
      failure: task.FailureReason,
    };
    console.log(JSON.stringify(line));
  }
  if (Results.length === 0) console.error('There was no redrive.');
};

const commands = new Map([
  ['show', show],
  ['start', start],
  ['status', status],
]);

await runCommand(run);
