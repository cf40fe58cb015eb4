import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { bundledPackages } from '../../bundle/bundled-packages.ts';
import type { Subject, SubjectName } from './subjects.ts';

export interface Size {
  readonly subject: SubjectName;
  readonly bytes: number;
  readonly gzipped: number;
  /** Bytes by package. */
  readonly packages: ReadonlyMap<string, number>;
}

export const sizeOf = async ({ name, file, metafile }: Subject): Promise<Size> => {
  const content = await readFile(file);
  return {
    subject: name,
    bytes: content.length,
    gzipped: gzipSync(content).length,
    packages: bundledPackages(metafile),
  };
};
