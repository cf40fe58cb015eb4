import { refusedRead } from '../pingone/refused-read.ts';
import { Problem } from '../problems.ts';
import type { Answer } from '../runtime/connection.ts';

/** Reads a path of PingOne. Throws if there is no answer. */
export type Get = (path: string) => Promise<Answer>;

/** PingOne's answer to a read. @throws Problem PingOne's refusal, PINGONE_UNREACHABLE, or that of `get` */
export const readPath = async (path: string, get: Get, now: () => number): Promise<Answer> => {
  const answer = await get(path).catch((cause) => {
    throw cause instanceof Problem ? cause : unreachable('PingOne did not answer; retry later.', cause);
  });
  const refused = refusedRead(answer, now());
  if (refused) throw refused;
  return answer;
};

export const unreachable = (message: string, cause?: unknown): Problem =>
  new Problem('PINGONE_UNREACHABLE', message, { cause });
