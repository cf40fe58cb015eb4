import {
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, type CommandLine, defineCommand, option, output } from '../command/command.ts';
import { hint } from '../command/hint.ts';
import { runCommand } from '../command/run-command.ts';
import { wholeNumber } from '../command/whole-number.ts';
import { deployedDoors } from './deployment.ts';
import { localClient, localQueues } from './local-run.ts';
import { place } from './place.ts';

const known = endpoints.map(({ name }) => name);

const flags = {
  rate: option('N', 'how many messages a second start moves', { default: '5' }),
  ...place,
  output,
} as const;

type Line = CommandLine<typeof flags>;

interface DeadLetters {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly arn: string;
  readonly queueArn: string;
}

const deadLettersOf = async ({ verb, args, values }: Line): Promise<DeadLetters> => {
  const [endpoint = ''] = args;
  if (!known.includes(endpoint))
    throw new BadCommand(`${verb} needs an endpoint, ${known.join(' or ')}, not "${endpoint}"${hint(endpoint, known)}`);
  const { stage, local, url } = values;
  if ((stage === undefined) === !local)
    throw new BadCommand('one of --stage STAGE and --local is needed; --help explains them');
  if (stage === undefined) return { sqs: new SQSClient(localClient(url)), ...localQueues(endpoint, url) };
  const { client, outputOf } = await deployedDoors(stage);
  return {
    sqs: new SQSClient(client),
    url: outputOf(endpoint, 'DeadLettersUrl'),
    arn: outputOf(endpoint, 'DeadLettersArn'),
    queueArn: outputOf(endpoint, 'QueueArn'),
  };
};

/** Shows up to ten messages and leaves them in the queue. Bodies contain secrets of connectors: they are not shown. */
const show = async ({ sqs, url }: DeadLetters, { print }: Line): Promise<void> => {
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
    const why = line.reason === undefined ? 'no reason is known' : `${line.code}: ${line.reason}`;
    print(line, `${line.message} sent ${line.sent}, ${line.bytes} bytes: ${why}`);
  }
  if (Messages.length === 0) console.error('No dead letter is visible.');
};

/** Names the destination: without it SQS moves back only messages that SQS itself moved here. */
const start = async ({ sqs, arn, queueArn }: DeadLetters, { values, print }: Line): Promise<void> => {
  const rate = wholeNumber('--rate', values.rate, 1, 500);
  const task = { SourceArn: arn, DestinationArn: queueArn, MaxNumberOfMessagesPerSecond: rate };
  await sqs.send(new StartMessageMoveTaskCommand(task));
  const words = `Started: all dead letters of ${arn} move to ${queueArn}, ${rate} a second; npm run redrive -- status shows the progress.`;
  print({ redrive: 'started', from: arn, to: queueArn, rate }, words);
};

const status = async ({ sqs, arn }: DeadLetters, { print }: Line): Promise<void> => {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 10 }));
  for (const task of Results) {
    const line = {
      redrive: task.Status,
      started: task.StartedTimestamp && new Date(task.StartedTimestamp).toISOString(),
      moved: task.ApproximateNumberOfMessagesMoved,
      of: task.ApproximateNumberOfMessagesToMove,
      failure: task.FailureReason,
    };
    const failure = line.failure === undefined ? '' : `; ${line.failure}`;
    print(line, `${line.redrive}: started ${line.started}, moved ${line.moved} of ${line.of}${failure}`);
  }
  if (Results.length === 0) console.error('There was no redrive.');
};

const run = new Map(Object.entries({ show, start, status }));

await runCommand(
  defineCommand({
    call: 'npm run redrive',
    summary: `Shows the dead letters of an endpoint, without their bodies, or moves them back into its queue.
ENDPOINT is ${known.join(' or ')}.`,
    verbs: {
      show: { args: ['ENDPOINT'], flags: Object.keys(place), help: 'shows up to ten, and leaves them there' },
      start: { args: ['ENDPOINT'], help: 'moves all dead letters back' },
      status: { args: ['ENDPOINT'], flags: Object.keys(place), help: 'shows the progress of a start' },
    },
    flags,
    fails: 'AWS refused',
    run: async (line) => run.get(line.verb)?.(await deadLettersOf(line), line),
  }),
);
