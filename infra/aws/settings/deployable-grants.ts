import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import * as z from 'zod/mini';
import { type Grants, readGrants } from '../../../lib/grants/document.ts';

/** A grants document by the path of its file, checked before anything is deployed. */
export const grantsFile = z.pipe(
  z.string(),
  z.transform((file, context): Grants => {
    try {
      return named(readGrants(readFileSync(resolve(file), 'utf8')));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.issues.push({
        code: 'custom',
        message: `names ${relative(process.cwd(), resolve(file))}, which can't be used: ${message}`,
        input: file,
      });
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
