import { problemAnswer } from '../../../lib/http/problem.ts';
import type { Problem, ProblemCode } from '../../../lib/problems.ts';
import type { JsonSchema } from '../json-schema.ts';
import { problemExamples } from './problem-examples.ts';

/** A problem document of one status, which may have these codes. */
export const problemContent = (
  status: string,
  codes: readonly ProblemCode[],
  examples: readonly Problem[],
  docsUrl: string,
) => ({
  schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: narrowing(status, codes) }] },
  examples: Object.fromEntries(
    examples.map((problem) => [problem.code, { summary: problem.message, value: documentOf(problem, docsUrl) }]),
  ),
});

/** The headers that problems with this code may have. */
export const problemHeaders = (code: ProblemCode): readonly string[] =>
  problemExamples(code)
    .flatMap((problem) => Object.keys(answerOf(problem, '').headers ?? {}))
    .filter((name) => name !== 'content-type');

const narrowing = (status: string, codes: readonly ProblemCode[]): Readonly<Record<string, JsonSchema>> => ({
  type: { type: 'string', pattern: `#(?:${codes.join('|')})$` },
  status: /^\d+$/.test(status)
    ? { type: 'integer', const: Number(status) }
    : { type: 'integer', minimum: 400, maximum: 499 },
  // PingOne's code replaces ours.
  ...(!codes.includes('PINGONE_REFUSED') && { code: { type: 'string', enum: [...codes] } }),
});

const documentOf = (problem: Problem, docsUrl: string): unknown => JSON.parse(answerOf(problem, docsUrl).body ?? '');

const answerOf = (problem: Problem, docsUrl: string) =>
  problemAnswer(problem, docsUrl, '0d4bb4f6-6a0c-4f0e-9f6b-5f6f5f1f7b0a');
