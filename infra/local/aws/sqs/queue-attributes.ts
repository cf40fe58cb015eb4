import { sqsError } from './errors.ts';
import type { Queue } from './queue.ts';
import { selected } from './received.ts';

/** The attributes of a queue that a caller names, as text. @throws AwsError */
export const describeQueue = (queue: Queue, wanted: readonly string[], now: number) => {
  const { arn, visibilityTimeoutSeconds, deadLetter } = queue;
  const messages = queue.messages();
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  const all = {
    ApproximateNumberOfMessages: String(messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    QueueArn: arn,
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy:
      deadLetter &&
      JSON.stringify({ deadLetterTargetArn: deadLetter.queue.arn, maxReceiveCount: deadLetter.maxReceiveCount }),
  };
  const unknown = wanted.find((name) => name !== 'All' && !Object.hasOwn(all, name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return selected(all, wanted);
};
