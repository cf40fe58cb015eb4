import { PassThrough } from 'node:stream';

/** Runs a function at a terminal with these lines as input, then Ctrl-D. */
export const atTerminal = async <Result>(lines: readonly string[], run: () => Promise<Result>): Promise<Result> => {
  const own = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
  const written = Object.getOwnPropertyDescriptor(process, 'stderr') ?? {};
  const typed = Object.assign(new PassThrough(), { isTTY: true });
  typed.end(lines.map((line) => `${line}\n`).join(''));
  Object.defineProperty(process, 'stdin', { ...own, get: () => typed });
  Object.defineProperty(process, 'stderr', { ...written, get: () => new PassThrough() });
  try {
    return await run();
  } finally {
    Object.defineProperty(process, 'stdin', own);
    Object.defineProperty(process, 'stderr', written);
  }
};
