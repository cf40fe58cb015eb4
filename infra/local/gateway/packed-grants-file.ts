import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type GrantsDocument, parseGrants } from '../../../lib/grants/document.ts';
import { packGrants } from '../../../lib/grants/packed.ts';

const folder = fileURLToPath(new URL('../../../.build/grants/', import.meta.url));

/** Writes the grants into a file that the functions read. */
export const writeGrantsFile = async (document: GrantsDocument, name: string) => {
  const path = `${folder}${name}.json`;
  await mkdir(folder, { recursive: true });
  await writeFile(path, packGrants(parseGrants(document)));
  return { path, close: () => rm(path) };
};
