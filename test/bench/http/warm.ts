import * as z from 'zod/mini';
import { built, startChild } from '../child.ts';
import { exampleEvent } from './example-event.ts';
import type { Environment, SecureStandIns } from './secure-stand-ins.ts';
import type { Subject } from './subjects.ts';
import type { Round } from './warm-process.ts';

const warm = z.object({
  /** Of one request: that of the whole process, since garbage collection and compilation have threads of their own. */
  cpuMs: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** What lives where garbage was collected; else what happens to lie there. */
  heapBytes: z.number(),
});

export type Warm = z.output<typeof warm> & Readonly<Record<'secrets' | 'tokens', number>>;

export type WarmSubject = Subject & {
  /** Has it answer requests, so many at a time. */
  readonly run: (shape: Omit<Round, 'prefix'>) => Promise<Warm>;
  readonly close: () => void;
};

/** The most that the stand-ins can count. */
const atMost = 10_000;

/** Starts subjects in processes that stay. */
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
      if (shape.requests > atMost) throw new Error(`more than ${atMost} requests`);
      const before = calls();
      const prefix = `${subject.name.replace(/\W+/g, '-')}-${started}-${runs++}`;
      const used = z.parse(warm, await ask({ ...shape, prefix } satisfies Round));
      const after = calls();
      return { ...used, secrets: after.secrets - before.secrets, tokens: after.tokens - before.tokens };
    };
    return { ...subject, run, close };
  });
};
