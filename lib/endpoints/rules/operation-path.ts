import * as z from 'zod/mini';
import { maximumPatternLength, pathPatternViolations } from './path-pattern.ts';

const pattern = () =>
  z.string().check(
    z.minLength(1),
    z.maxLength(maximumPatternLength),
    z.meta({
      description:
        'No control characters, empty segments or dot segments. PARAMETER: starts with "/" and has a wildcard: * (anything but "/"), {name} (a whole segment), or ** (the rest of the path; at the end only). A backslash makes {, }, * or \\ literal.',
      pattern: '^[^\\u0000-\\u001F\\u007F]*$',
    }),
  );

/** One path of an operation, with one issue for each violation of its pattern. */
export const operationPath = () =>
  z.strictObject({ type: z.enum(['EXACT', 'PARAMETER']), pattern: pattern() }).check(
    z.superRefine(
      // A path with an invalid type is checked by the rules of both types.
      (path, context) => {
        for (const message of pathPatternViolations(path.pattern, path.type === 'PARAMETER' ? 'PARAMETER' : 'EXACT')) {
          context.addIssue({ code: 'custom', path: ['pattern'], message, params: { code: 'INVALID_VALUE' } });
        }
      },
      // Also runs if another member has a violation, but not if the pattern is not a string or has a wrong length.
      {
        when: ({ value, issues }) =>
          typeof value === 'object' &&
          value !== null &&
          'pattern' in value &&
          typeof value.pattern === 'string' &&
          !issues.some(({ path }) => path?.[0] === 'pattern'),
      },
    ),
  );
