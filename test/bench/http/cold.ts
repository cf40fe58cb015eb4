import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { built } from '../child.ts';
import { exampleEvent } from './example-event.ts';
import { interleaved, type Sample } from './samples.ts';
import type { Environment } from './secure-stand-ins.ts';
import type { Subject } from './subjects.ts';

const cold = z.object({
  importMs: z.number(),
  /** From before the import to the first answer. */
  answerMs: z.number(),
});

export type Cold = z.output<typeof cold>;

/** Measures import and first answer of every subject, in fresh processes. */
export const measureCold = async (
  rounds: number,
  subjects: readonly Subject[],
  environment: Environment,
): Promise<readonly Sample<Cold>[]> => {
  const script = await built(new URL('./cold-process.ts', import.meta.url));
  const event = JSON.stringify(exampleEvent());
  return interleaved(rounds, subjects, async (subject, round) => {
    const name = `cold-${subject.name.replace(/\W+/g, '-')}-${round}-${Date.now()}`;
    const child = spawn(process.execPath, [script, subject.file, event, name], {
      env: { ...environment, ...subject.environment },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const result = child.stdio[3];
    if (!(result instanceof Readable)) throw new Error('the process has no pipe');
    return z.parse(cold, JSON.parse(await text(result)));
  });
};
