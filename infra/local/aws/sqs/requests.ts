import * as z from 'zod/mini';
import { invalidValue, missing } from './errors.ts';
import { maximumVisibilitySeconds } from './visibility.ts';

/** A whole number in a range, refused with SQS's message. */
const within = (parameter: string, min: number, max: number) => {
  const reason = `Reason: Must be >= ${min} and <= ${max}, if provided.`;
  const error = ({ input }: { readonly input?: unknown }) =>
    `Value ${String(input)} for parameter ${parameter} is invalid. ${reason}`;
  return z.int({ error }).check(z.gte(min, { error }), z.lte(max, { error }));
};

const visibilityTimeout = within('VisibilityTimeout', 0, maximumVisibilitySeconds);
const names = z._default(z.array(z.string()), []);
const ofQueue = { QueueUrl: z.string() };
const ofMessage = { ...ofQueue, ReceiptHandle: z.string() };

export const sendMessage = z.object({
  ...ofQueue,
  MessageBody: z.string(),
  DelaySeconds: z._default(within('DelaySeconds', 0, 900), 0),
  MessageAttributes: z._default(z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })), {}),
});

export const receiveMessage = z.object({
  ...ofQueue,
  MaxNumberOfMessages: z._default(within('MaxNumberOfMessages', 1, 10), 1),
  VisibilityTimeout: z.optional(visibilityTimeout),
  WaitTimeSeconds: z._default(within('WaitTimeSeconds', 0, 20), 0),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

export const deleteMessage = z.object(ofMessage);
export const changeMessageVisibility = z.object({ ...ofMessage, VisibilityTimeout: visibilityTimeout });
export const getQueueAttributes = z.object({ ...ofQueue, AttributeNames: names });
export const startMessageMoveTask = z.object({ SourceArn: z.string(), DestinationArn: z.string() });
export const listMessageMoveTasks = z.object({ SourceArn: z.string() });

/** The error for an input that does not fit its schema. */
export const refuse = (issue: z.core.$ZodIssue | undefined) => {
  const isMissing = issue?.code === 'invalid_type' && issue.input === undefined;
  if (isMissing && issue.message.startsWith('Invalid input')) return missing(String(issue.path.at(-1)));
  return invalidValue(issue?.message ?? '');
};
