import { createInterface } from 'node:readline/promises';

/** Whether a person can be asked. */
export const isTerminal = (): boolean => process.stdin.isTTY === true;

/** Asks a person a question, beside the results on stdout. An empty answer stands for `otherwise`. */
export const ask = async (question: string, otherwise = ''): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(otherwise ? `${question} (${otherwise}): ` : `${question}: `)).trim() || otherwise;
  } finally {
    lines.close();
  }
};
