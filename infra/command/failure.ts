import { GatewayError } from '../../lib/problems.ts';
import { BadCommand } from './command.ts';

/** An answer of AWS, or a failure on the way there. */
interface AwsFailure extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
}

const isAwsFailure = (error: unknown): error is AwsFailure => error instanceof Error && '$metadata' in error;

/** A file that can't be read or written. */
interface FileFailure extends Error {
  readonly path: string;
}

const isFileFailure = (error: unknown): error is FileFailure =>
  error instanceof Error && 'syscall' in error && 'path' in error;

/** Whether an error is printed as a sentence. Any other is a defect and is printed with its stack. */
export const isExpected = (error: unknown): error is GatewayError | AwsFailure | FileFailure =>
  error instanceof GatewayError || isAwsFailure(error) || isFileFailure(error);

/** The sentence for an expected error. */
export const sentenceOf = (error: GatewayError | AwsFailure | FileFailure): string => {
  if (isFileFailure(error)) return withFullStop(error.message);
  if (!(error instanceof GatewayError)) return withFullStop(awsSentence(error));
  const { cause } = error;
  if (error instanceof BadCommand || !(cause instanceof Error)) return withFullStop(error.message);
  return withFullStop(`${error.message} (${isAwsFailure(cause) ? awsSentence(cause) : cause.message || cause.name})`);
};

const awsSentence = ({ name, message, $metadata: { httpStatusCode } }: AwsFailure): string =>
  `AWS answered ${httpStatusCode ?? 'nothing'}: ${name}, ${message.split('\n', 1).join()}`;

const withFullStop = (text: string): string => `${text}.`.replace(/([.?!])\.+$/, '$1');
