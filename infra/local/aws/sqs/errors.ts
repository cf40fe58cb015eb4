import { AwsError } from '../service.ts';

/** The errors of SQS by their names in its JSON protocol, with their names in its older query protocol. */
const queryCodes = {
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidMessageContents: 'InvalidMessageContents',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid',
  ResourceNotFoundException: 'ResourceNotFoundException',
} as const;

/** An error in the model of SQS. */
export const sqsError = (name: keyof typeof queryCodes, message: string): AwsError =>
  new AwsError(`com.amazonaws.sqs#${name}`, message, queryCodes[name]);

/** The error for a value that SQS refuses. The model of SQS lacks it. */
export const invalidValue = (message: string): AwsError =>
  new AwsError('com.amazon.coral.service#InvalidParameterValueException', message, 'InvalidParameterValue');

/** The error for an absent parameter. */
export const missing = (parameter: string): AwsError =>
  new AwsError(
    'com.amazon.coral.service#MissingRequiredParameterException',
    `The request must contain the parameter ${parameter}.`,
    'MissingParameter',
  );

export const noSuchQueue = (): AwsError => sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
