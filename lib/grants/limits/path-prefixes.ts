import * as z from 'zod/mini';
import { type Limit, some, type WrittenLimit } from './limit.ts';
import { isBelow, isPathPrefix } from './path-prefix.ts';

const schema = () =>
  some(
    z.string().check(
      z.refine(isPathPrefix, {
        error:
          'must be "/" or literal segments such as /orders/open, without a trailing slash, *, {variable}, backslash or (encoded) dot segment',
      }),
    ),
  );

const paths = z.lazy(() =>
  z.array(z.object({ type: z.enum(['EXACT', 'PARAMETER']), pattern: z.string() })).check(z.minLength(1)),
);

/** Literal segments that every path must begin with: `/orders` covers `/orders/open` but not `/orders2`. */
export const pathPrefixes: Limit<{ readonly pathPrefixes?: readonly string[] | undefined }> = {
  name: 'pathPrefixes',
  dimension: 'path',
  denial:
    'the caller has no grant for each of these paths; a wildcard needs a granted prefix before it, and only "/" covers an encoded dot segment, slash or backslash',
  allows: ({ pathPrefixes: granted = [] }, value) =>
    z.safeParse(paths, value).data?.every((path) => granted.some((prefix) => isBelow(path, prefix))) === true,
};

export const writtenPathPrefixes: WrittenLimit<ReturnType<typeof schema>> = {
  schema,
  everything: ['/'],
  flag: {
    name: 'path',
    type: 'string',
    multiple: true,
    argument: 'P',
    help: ['pattern of a path, once for each: PARAMETER where it has *, {, } or \\,', 'else EXACT'],
    value: (given) => given.map((text) => ({ type: /[*{}\\]/.test(text) ? 'PARAMETER' : 'EXACT', pattern: text })),
  },
};
