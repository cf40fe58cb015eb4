import { readFile } from 'node:fs/promises';
import { BadCommand } from '../../command/command.ts';

/** The text of the file that `--secret` names. @throws BadCommand */
export const readSecretFile = async (source: string): Promise<{ json: string; source: string }> => {
  try {
    return { json: await readFile(source, 'utf8'), source };
  } catch (cause) {
    throw unreadable('--secret', source, cause);
  }
};

/** The error for an unreadable file of a flag. */
export const unreadable = (flag: string, source: string, cause: unknown): BadCommand => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new BadCommand(`${flag}: ${source} ${reasons.get(code) ?? `can't be read (${code})`}`, { cause });
};

const reasons = new Map([
  ['ENOENT', 'does not exist'],
  ['EACCES', "can't be read: permission denied"],
  ['EISDIR', 'is a directory, not a file'],
]);
