import { invalidValue, sqsError } from './errors.ts';
import type { Message } from './message.ts';

/** Twelve hours, counted from the receive. */
export const maximumVisibilitySeconds = 43_200;

/** Hides a message in flight for that long from now, as long as this is the handle of its newest receive. @throws AwsError */
export const hide = (message: Message | undefined, receiptHandle: string, seconds: number, now: number): void => {
  if (message?.receiptHandle !== receiptHandle)
    throw invalidValue(
      `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  if (message.visibleAt <= now)
    throw sqsError(
      'MessageNotInflight',
      "The specified message isn't in flight.",
      'AWS.SimpleQueueService.MessageNotInflight',
    );
  const visibleAt = now + seconds * 1000;
  if (visibleAt - (message.receivedAt ?? now) > maximumVisibilitySeconds * 1000)
    throw invalidValue(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${maximumVisibilitySeconds} seconds].`,
    );
  message.visibleAt = visibleAt;
};
