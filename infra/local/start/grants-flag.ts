import { readFile } from 'node:fs/promises';
import { type GrantsDocument, GrantsUnusable, readGrants } from '../../../lib/grants/document.ts';
import { BadCommand } from '../../command/command.ts';
import { unreadable } from './secret-file.ts';

/** The grants in the file that `--grants` names. @throws BadCommand */
export const readGrantsFile = async (source: string): Promise<GrantsDocument> => {
  const text = await readFile(source, 'utf8').catch((cause) => {
    throw unreadable('--grants', source, cause);
  });
  try {
    return readGrants(text);
  } catch (cause) {
    const words = cause instanceof GrantsUnusable ? cause.message : 'it is not JSON';
    throw new BadCommand(`--grants: ${source} can't be used: ${words}`, { cause });
  }
};
