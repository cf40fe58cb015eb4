import { AwsError } from '../service.ts';

/** The errors of SQS by their names in its JSON protocol, with what they were called in its query protocol. */
const queryCodes = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  InvalidMessageContents: 'InvalidMessageContents',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid',
  ResourceNotFoundException: 'ResourceNotFoundException',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
} as const;

/** An error that the model of SQS names. */
export const sqsError = (name: keyof typeof queryCodes, message: string): AwsError =>
  new AwsError(`com.amazonaws.sqs#${name}`, message, queryCodes[name]);

/** The error for most of what is wrong with a request; the model doesn't name it. */
export const invalidValue = (message: string): AwsError =>
  new AwsError('com.amazon.coral.service#InvalidParameterValueException', message, 'InvalidParameterValue');

/** The error for what a request lacks. */
export const missing = (parameter: string): AwsError =>
  new AwsError(
    'com.amazon.coral.service#MissingRequiredParameterException',
    `The request must contain the parameter ${parameter}.`,
    'MissingParameter',
  );

export const noSuchQueue = (): AwsError => sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
