import { createInterface } from 'node:readline/promises';
import { GatewayError } from '../../lib/problems.ts';

/** Thrown when a person ends the input in place of an answer, by Ctrl-C or Ctrl-D. */
export class NoAnswer extends GatewayError {
  override readonly name = 'NoAnswer';
}

/** Asks a question; an empty answer stands for `otherwise`. @throws NoAnswer */
export type Ask = (question: string, otherwise?: string) => Promise<string>;

/** Lets questions be asked on stderr, if there is a person at a terminal: `ask` is undefined if there is none. */
export const withTerminal = async (converse: (ask: Ask | undefined) => Promise<void>): Promise<void> => {
  if (process.stdin.isTTY !== true) return converse(undefined);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const typed = terminal[Symbol.asyncIterator]();
  let isOpen = true;
  terminal.once('close', () => {
    isOpen = false;
  });
  const ask: Ask = async (question, otherwise = '') => {
    terminal.setPrompt(otherwise ? `${question} (${otherwise}): ` : `${question}: `);
    // Lines that were typed ahead are still there when the input has ended.
    if (isOpen) terminal.prompt();
    const { value, done } = await typed.next();
    if (done) throw new NoAnswer('there was no answer, so that nothing was done');
    return String(value).trim() || otherwise;
  };
  try {
    await converse(ask);
  } finally {
    terminal.close();
  }
};
