import { BadCommand, type Command, type Flags } from './command.ts';
import { isExpected, sentenceOf } from './failure.ts';
import { helpOf } from './help.ts';
import { parse } from './parse.ts';
import { takenByNpm } from './taken-by-npm.ts';

/** Runs a command of this process. It ends with 2 where the command line is wrong, with 1 where the command failed. */
export const runCommand = async <Options extends Flags>(command: Command<Options>): Promise<void> => {
  const args = process.argv.slice(2);
  const isAsked =
    args.some((arg) => arg === '--help' || arg === '-h') || (command.verbs !== undefined && args.length === 0);
  if (isAsked) {
    console.log(helpOf(command));
    return;
  }
  for (const hint of takenByNpm(command, args, process.env)) console.error(hint);
  try {
    const parsed = parse(command, args);
    const isJson = Object(parsed.values).output === 'json';
    await command.run({ ...parsed, print: (value, text) => console.log(isJson ? JSON.stringify(value) : text) });
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(sentenceOf(error));
    process.exitCode = error instanceof BadCommand ? 2 : 1;
  }
};
