import { BadCommand, type Command, type Flags } from './command.ts';
import { isExpected, sentenceOf } from './failure.ts';
import { helpOf } from './help.ts';
import { flagsReadByNpm } from './npm-flags.ts';
import { parse } from './parse.ts';

/** Runs the command of this process. The exit code is 2 if the command line is wrong, 1 if the command failed. */
export const runCommand = async <Options extends Flags>(command: Command<Options>): Promise<void> => {
  const args = process.argv.slice(2);
  const wantsHelp =
    args.some((arg) => arg === '--help' || arg === '-h') || (command.verbs !== undefined && args.length === 0);
  if (wantsHelp) {
    console.log(helpOf(command));
    return;
  }
  for (const hint of flagsReadByNpm(command, args, process.env)) console.error(hint);
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
