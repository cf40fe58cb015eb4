import * as z from 'zod/mini';
import { invalidValue, missing } from './errors.ts';
import { maxVisibilitySeconds } from './visibility.ts';

/** A whole number in a range, refused in SQS's words. */
const within = (parameter: string, min: number, max: number) => {
  const reason = `Reason: Must be >= ${min} and <= ${max}, if provided.`;
  const error = ({ input }: { readonly input?: unknown }) =>
    `Value ${String(input)} for parameter ${parameter} is invalid. ${reason}`;
  return z.int({ error }).check(z.gte(min, { error }), z.lte(max, { error }));
};

const visibilityTimeout = within('VisibilityTimeout', 0, maxVisibilitySeconds);

const names = z._default(z.array(z.string()), []);

const attributes = z.optional(
  z.record(
    z.string(),
    z.object({ DataType: z.string(), StringValue: z.optional(z.string()), BinaryValue: z.optional(z.string()) }),
  ),
);

const ofQueue = { QueueUrl: z.string() };

const ofMessage = {
  MessageBody: z.string(),
  DelaySeconds: z._default(within('DelaySeconds', 0, 900), 0),
  MessageAttributes: attributes,
};

const ofReceipt = { ReceiptHandle: z.string() };

const ofVisibility = { ...ofReceipt, VisibilityTimeout: visibilityTimeout };

const ofEntry = { Id: z.string() };

/** What a batch holds is checked entry by entry. */
export const batch = z.object({ ...ofQueue, Entries: z._default(z.array(z.looseObject(ofEntry)), []) });
export const queueUrl = z.object(ofQueue);
export const queueName = z.object({ QueueName: z.string() });
export const queueList = z.object({ QueueNamePrefix: z._default(z.string(), '') });
export const queueAttributes = z.object({ ...ofQueue, AttributeNames: names });
const sentMessage = z.object(ofMessage);
export const receipt = z.object(ofReceipt);
export const visibility = z.object(ofVisibility);
export const receive = z.object({
  ...ofQueue,
  MaxNumberOfMessages: z._default(within('MaxNumberOfMessages', 1, 10), 1),
  VisibilityTimeout: z.optional(visibilityTimeout),
  WaitTimeSeconds: z._default(within('WaitTimeSeconds', 0, 20), 0),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
export const moveTask = z.object({ SourceArn: z.string(), DestinationArn: z.optional(z.string()) });
export const moveTaskList = z.object({ SourceArn: z.string() });

/** The message in an input or in an entry of a batch. @throws AwsError */
export const contentOf = (input: unknown) => {
  const { MessageBody, MessageAttributes = {} } = parse(sentMessage, input);
  return { body: MessageBody, attributes: MessageAttributes };
};

/** How long it is hidden at first, in seconds. @throws AwsError */
export const delayOf = (input: unknown): number => parse(sentMessage, input).DelaySeconds;

/** Reads an input. @throws AwsError */
export const parse = <Schema extends z.core.$ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'invalid_type' && issue.input === undefined && issue.message.startsWith('Invalid input'))
    throw missing(String(issue.path.at(-1)));
  throw invalidValue(issue?.message ?? '');
};
