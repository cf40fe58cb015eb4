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

/** One path of an operation: every violation of its pattern is an issue of its own. */
export const operationPath = () =>
  z.strictObject({ type: z.enum(['EXACT', 'PARAMETER']), pattern: pattern() }).check(
    z.superRefine(
      // A path whose type is neither is held to the rules that both have.
      (path, context) => {
        for (const message of pathPatternViolations(path.pattern, path.type === 'PARAMETER' ? 'PARAMETER' : 'EXACT')) {
          context.addIssue({ code: 'custom', path: ['pattern'], message, params: { code: 'INVALID_VALUE' } });
        }
      },
      // Also where another member has a violation, but not where the pattern already has: it is no string, or of a wrong length.
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
