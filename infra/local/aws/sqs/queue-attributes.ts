import { sqsError } from './errors.ts';
import type { Queue } from './queue.ts';

/** The attributes of a queue that `wanted` names, as text. @throws AwsError */
export const describeQueue = (queue: Queue, wanted: readonly string[], now: number): Record<string, string> => {
  const all = attributesOf(queue, now);
  const unknown = wanted.find((name) => name !== 'All' && !Object.hasOwn(all, name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const isWanted = (name: string) => wanted.includes('All') || wanted.includes(name);
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value !== undefined && isWanted(name) ? [[name, String(value)]] : [],
    ),
  );
};

const attributesOf = (queue: Queue, now: number) => {
  const { arn, visibilityTimeoutSeconds, deadLetter } = queue;
  const messages = queue.messages();
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  return {
    ApproximateNumberOfMessages: messages.length - hidden.length,
    ApproximateNumberOfMessagesNotVisible: hidden.length - delayed,
    ApproximateNumberOfMessagesDelayed: delayed,
    QueueArn: arn,
    VisibilityTimeout: visibilityTimeoutSeconds,
    RedrivePolicy:
      deadLetter &&
      JSON.stringify({ deadLetterTargetArn: deadLetter.queue.arn, maxReceiveCount: deadLetter.maxReceiveCount }),
  };
};
