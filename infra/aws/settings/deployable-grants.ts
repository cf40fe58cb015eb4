import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { type Grants, readGrants } from '../../../lib/grants/document.ts';

const root = new URL('../../../', import.meta.url);

/** A grants document by its file's name, checked before anything is deployed. */
export const grantsFile = z.pipe(
  z.string(),
  z.transform((file, context): Grants => {
    try {
      return named(readGrants(readFileSync(new URL(file, root), 'utf8')));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.issues.push({ code: 'custom', message: `${file}: ${message}`, input: file });
      return z.NEVER;
    }
  }),
);

/** A deployed grants file must name its environments: roles of callers list them literally. */
const named = (grants: Grants): Grants => {
  for (const { name, grants: own } of grants.callers) {
    if (own.some(({ environments }) => environments.includes('*'))) {
      throw new TypeError(`a grant of ${name} has the environment *, which is for the local run; name each`);
    }
  }
  return grants;
};
