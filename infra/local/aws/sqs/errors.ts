import { AwsError } from '../service.ts';

/** An error in the model of SQS, with its name in SQS's older query protocol. */
export const sqsError = (name: string, message: string, queryCode = name): AwsError =>
  new AwsError(`com.amazonaws.sqs#${name}`, message, queryCode);

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

export const noSuchQueue = (): AwsError =>
  sqsError('QueueDoesNotExist', 'The specified queue does not exist.', 'AWS.SimpleQueueService.NonExistentQueue');
