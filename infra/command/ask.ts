import { createInterface } from 'node:readline/promises';
import { GatewayError } from '../../lib/problems.ts';

/** Thrown when a person ends the input without an answer, by Ctrl-C or Ctrl-D. */
class NoAnswer extends GatewayError {
  override readonly name = 'NoAnswer';
}

/** Asks a question; an empty answer means `defaultAnswer`. @throws NoAnswer */
export type Ask = (question: string, defaultAnswer?: string) => Promise<string>;

/** Runs a dialogue on stderr. Without a terminal `ask` is undefined. */
export const withTerminal = async (dialogue: (ask: Ask | undefined) => Promise<void>): Promise<void> => {
  if (process.stdin.isTTY !== true) return dialogue(undefined);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const typed = terminal[Symbol.asyncIterator]();
  let isOpen = true;
  terminal.once('close', () => {
    isOpen = false;
  });
  const ask: Ask = async (question, defaultAnswer = '') => {
    terminal.setPrompt(defaultAnswer ? `${question} (${defaultAnswer}): ` : `${question}: `);
    // Lines typed ahead can still be read after the input has ended.
    if (isOpen) terminal.prompt();
    const { value, done } = await typed.next();
    if (done) throw new NoAnswer('there was no answer; nothing was done');
    return String(value).trim() || defaultAnswer;
  };
  try {
    await dialogue(ask);
  } finally {
    terminal.close();
  }
};
