import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

export interface MutantExplorer {
  /** By what the explorer notices a mutant; undefined where it does not. */
  noticedBy(mutant: Mutant): Promise<string | undefined>;
  close(): void;
}

/** Past this time, in milliseconds, a mutant's code never ends. */
const longestMs = 90_000;

/** The code of each mutant stays in the memory of its process. */
const mutantsPerProcess = 40;

/** Explores mutants of the code below a root, in a process of its own: one of them may never let go of it. */
export const openExplorer = (root: string): MutantExplorer => {
  let child: ChildProcess | undefined;
  let left = 0;
  const close = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };

  return {
    close,
    noticedBy: (mutant) => {
      if (!child || left-- === 0) {
        close();
        child = fork(join(root, 'test/mutation/explorer-process.ts'));
        left = mutantsPerProcess - 1;
      }
      const current = child;
      return new Promise((resolve) => {
        const end = (by: string | undefined) => {
          clearTimeout(timer);
          current.removeAllListeners();
          resolve(by);
        };
        const endWithoutAnswer = (by: string) => {
          close();
          end(by);
        };
        const timer = setTimeout(() => endWithoutAnswer('explorer: it never ends'), longestMs);
        current.once('message', ({ by }: { readonly by?: string }) => end(by));
        current.once('exit', (code) => endWithoutAnswer(`explorer: its process ended with ${code}`));
        current.send(mutant);
      });
    },
  };
};
