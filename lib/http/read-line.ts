import { Problem } from '../problems.ts';
import type { Log } from '../runtime/logger.ts';

/** Runs a read and logs its one line: who read what, by which grant, and how it ended; never content. */
export const reportedRead = async <Result>(
  { log, now }: { readonly log: Log; readonly now: () => number },
  line: Readonly<Record<string, unknown>>,
  read: () => Promise<Result>,
): Promise<Result> => {
  const begun = now();
  const report = (end: object) => log('info', { read: { ...line, ...end, ms: now() - begun } });
  try {
    const result = await read();
    report({ outcome: 'read' });
    return result;
  } catch (error) {
    if (error instanceof Problem) {
      const { code, status } = error;
      report({ outcome: code === 'ACCESS_FAILED' ? 'denied' : 'failed', code, status });
    }
    throw error;
  }
};
