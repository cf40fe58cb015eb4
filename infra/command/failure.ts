import { GatewayError } from '../../lib/problems.ts';
import { BadCommand } from './command.ts';

/** An answer of AWS, or a failure on the way there. */
interface AwsFailure extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
}

const isOfAws = (error: unknown): error is AwsFailure => error instanceof Error && '$metadata' in error;

/** A file that can't be read or written. */
interface FileFailure extends Error {
  readonly path: string;
}

const isOfFile = (error: unknown): error is FileFailure =>
  error instanceof Error && 'syscall' in error && 'path' in error;

/** Whether an error is told in a sentence. Any other is a defect, which shows its stack. */
export const isExpected = (error: unknown): error is GatewayError | AwsFailure | FileFailure =>
  error instanceof GatewayError || isOfAws(error) || isOfFile(error);

/** An expected error in words. */
export const sentenceOf = (error: GatewayError | AwsFailure | FileFailure): string => {
  if (isOfFile(error)) return ended(error.message);
  if (!(error instanceof GatewayError)) return ended(awsSentence(error));
  const { cause } = error;
  if (error instanceof BadCommand || !(cause instanceof Error)) return ended(error.message);
  return ended(`${error.message} (${isOfAws(cause) ? awsSentence(cause) : cause.message || cause.name})`);
};

const awsSentence = ({ name, message, $metadata: { httpStatusCode } }: AwsFailure): string =>
  `AWS answered ${httpStatusCode ?? 'nothing'}: ${name}, ${message.split('\n', 1).join()}`;

const ended = (text: string): string => `${text}.`.replace(/([.?!])\.+$/, '$1');
