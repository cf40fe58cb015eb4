import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Verdict } from './verdict.ts';

export interface MutantExplorer {
  verdictOn(mutant: Mutant): Promise<Verdict>;
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
    verdictOn: (mutant) => {
      if (!child || left-- === 0) {
        close();
        child = fork(join(root, 'test/mutation/explorer-process.ts'));
        left = mutantsPerProcess - 1;
      }
      const current = child;
      return new Promise((resolve) => {
        const end = (verdict: Verdict) => {
          clearTimeout(timer);
          current.removeAllListeners();
          resolve(verdict);
        };
        const endWithoutAnswer = (failed: string) => {
          close();
          end({ failed });
        };
        const timer = setTimeout(() => endWithoutAnswer(`no end within ${longestMs / 1_000} s`), longestMs);
        current.once('message', (verdict: Verdict) => end(verdict));
        current.once('exit', (code, signal) => endWithoutAnswer(`its process ended with ${code ?? signal}`));
        current.send(mutant);
      });
    },
  };
};
