import { type GrantsDocument, GrantsUnusable, readGrants } from '../../../lib/grants/document.ts';
import { BadCommand } from '../../command/command.ts';
import { readGivenFile } from '../../command/given-file.ts';

/** The grants in the file that `--grants` names. @throws BadCommand */
export const readGrantsFile = async (source: string): Promise<GrantsDocument> => {
  const text = await readGivenFile(source, '--grants');
  try {
    return readGrants(text);
  } catch (cause) {
    const words = cause instanceof GrantsUnusable ? cause.message : 'it is not JSON';
    throw new BadCommand(`--grants: ${source} can't be used: ${words}`, { cause });
  }
};
