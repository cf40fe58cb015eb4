import type * as z from 'zod/mini';
import { isMembers } from '../../../lib/validation/members.ts';
import { violationsOf } from '../../../lib/validation/violations.ts';

type Issue = z.core.$ZodIssue;

/** Each invalid setting of a stage: where it is, and what it must be. */
export const settingViolations = (issues: readonly Issue[], schema: z.core.$ZodType): readonly string[] =>
  issues.flatMap(nearest).flatMap((issue) => violationsOf(issue, schema).map(({ message }) => inStage(message)));

/** Of a setting with several forms the issues of the form that was meant, if that can be told; one value where a list is needed. */
const nearest = (issue: Issue): readonly Issue[] => {
  if (issue.code === 'invalid_type' && issue.expected === 'array' && isMembers(issue.input))
    return [{ ...issue, code: 'custom', message: 'must be a list: write [{ … }] in place of { … }' }];
  if (issue.code !== 'invalid_union') return [issue];
  if (issue.discriminator !== undefined && issue.inclusive !== false)
    return [{ ...issue, code: 'custom', message: `must be ${issue.options?.join(' or ')}` }];
  const meant = issue.errors
    .filter((issues) => !issues.some(isOfAnotherKind))
    .toSorted((one, other) => one.length - other.length)[0];
  if (meant !== undefined) return meant.flatMap((inner) => nearest({ ...inner, path: [...issue.path, ...inner.path] }));
  return [{ ...issue, code: 'custom', message: `must be ${issue.errors.flatMap(formsIn).join(' or ')}` }];
};

const isOfAnotherKind = ({ path, code }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

const formsIn = ([issue]: readonly Issue[]): readonly string[] => {
  if (issue?.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
  return issue?.code === 'invalid_type' ? [`an ${issue.expected}`] : [];
};

/** Rewords violations, whose messages are for request bodies. */
const inStage = (message: string): string =>
  message.replace(/^the body/, 'the stage').replace('is not a member that PingOne documents', 'is not a setting');
