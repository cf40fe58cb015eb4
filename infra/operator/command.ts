import { type ParseArgsConfig, parseArgs } from 'node:util';
import { GatewayError } from '../../lib/problems.ts';

/** Thrown when the command line says something that can't be done. */
export class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}

/** Reads a command line. @throws BadCommand */
export const parseCommand = <Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) => {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const [sentence = ''] = String(Object(cause).message).split('. ', 1);
    throw new BadCommand(`${sentence.replace(/\.$/, '')}; --help lists the flags`, { cause });
  }
};

/** Runs a command of this process. It ends with 2 where the command line is wrong, with 1 where the command failed. */
export const runCommand = async (run: (args: readonly string[]) => Promise<void>): Promise<void> => {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof GatewayError) && !isOfAws(error)) throw error;
    console.error(sentence(error));
    process.exitCode = error instanceof BadCommand ? 2 : 1;
  }
};

interface AwsFailure extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** An answer of AWS, or a failure on the way there. */
const isOfAws = (error: unknown): error is AwsFailure => error instanceof Error && '$metadata' in error;

const sentence = (error: GatewayError | AwsFailure): string => {
  if (!(error instanceof GatewayError)) return ended(awsSentence(error));
  const { cause } = error;
  if (error instanceof BadCommand || !(cause instanceof Error)) return ended(error.message);
  return ended(`${error.message} (${isOfAws(cause) ? awsSentence(cause) : cause.message || cause.name})`);
};

const awsSentence = ({ name, message, $metadata: { httpStatusCode } }: AwsFailure): string =>
  `AWS answered ${httpStatusCode ?? 'nothing'}: ${name}, ${message.split('\n', 1).join()}`;

const ended = (text: string): string => `${text}.`.replace(/\.+$/, '.');
