import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Verdict } from './verdict.ts';

export interface MutantExplorer {
  verdictOn(mutant: Mutant): Promise<Verdict>;
  close(): void;
}

/** Time limit of a mutant, in milliseconds: its code may never end. */
const longestMs = 90_000;

/** A process is replaced after so many mutants, since their code stays in its memory. */
const mutantsPerProcess = 40;

/** Explores mutants of the code below a root, in a separate process: a mutant may block it for ever. */
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
