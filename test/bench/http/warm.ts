import * as z from 'zod/mini';
import { built, startChild } from '../child.ts';
import { exampleEvent } from './example-event.ts';
import type { Environment, SecureStandIns } from './secure-stand-ins.ts';
import type { Subject } from './subjects.ts';
import type { Round } from './warm-process.ts';

const warm = z.object({
  /** CPU of the whole process for each request: garbage collection and compilation have their own threads. */
  cpuMs: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** The live heap if garbage was collected, else the used heap. */
  heapBytes: z.number(),
});

export type Warm = z.output<typeof warm> & Readonly<Record<'secrets' | 'tokens', number>>;

export type WarmSubject = Subject & {
  /** Sends requests at a concurrency. */
  readonly run: (shape: Omit<Round, 'prefix'>) => Promise<Warm>;
  readonly close: () => void;
};

/** Largest number of requests that the stand-ins can count. */
const maxRequests = 10_000;

/** Starts each subject in a process that stays warm. */
export const startWarm = async (
  subjects: readonly Subject[],
  environment: Environment,
  { calls }: Pick<SecureStandIns, 'calls'>,
): Promise<readonly WarmSubject[]> => {
  const file = await built(new URL('./warm-process.ts', import.meta.url));
  return subjects.map((subject) => {
    const { ask, close } = startChild({
      file,
      args: [subject.file, JSON.stringify(exampleEvent())],
      environment: { ...environment, ...subject.environment },
      execArgv: ['--expose-gc'],
      log: 'ignore',
    });
    const started = Date.now();
    let runs = 0;
    const run = async (shape: Omit<Round, 'prefix'>): Promise<Warm> => {
      if (shape.requests > maxRequests) throw new Error(`more than ${maxRequests} requests`);
      const before = calls();
      const prefix = `${subject.name.replace(/\W+/g, '-')}-${started}-${runs++}`;
      const used = z.parse(warm, await ask({ ...shape, prefix } satisfies Round));
      const after = calls();
      return { ...used, secrets: after.secrets - before.secrets, tokens: after.tokens - before.tokens };
    };
    return { ...subject, run, close };
  });
};
