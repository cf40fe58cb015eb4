import { readFile } from 'node:fs/promises';
import { BadCommand } from './command.ts';

/** The text of a file that an argument names, or a flag. @throws BadCommand */
export const readGivenFile = async (file: string, flag?: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const named = flag === undefined ? file : `${flag}: ${file}`;
    throw new BadCommand(`${named} ${reasons.get(code) ?? `can't be read (${code})`}`, { cause });
  }
};

const reasons = new Map([
  ['ENOENT', 'does not exist'],
  ['EACCES', "can't be read: permission denied"],
  ['EISDIR', 'is a directory, not a file'],
]);
