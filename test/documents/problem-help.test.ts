import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { explainedProblems } from '../../infra/documents/problem-help.ts';
import { problems } from '../../lib/problems.ts';

const codes = Object.keys(problems);
const guide = await readFile(new URL('../../lib/http/ERRORS.md', import.meta.url), 'utf8');

/** The rows of the guide's table of errors by code, each with an anchor that problem types may lead to. */
const rows = new Map(
  [...guide.matchAll(/^\| ([^|]+) \| <a id="([A-Z_]+)"><\/a>`\2` \| (.*) \| (.*) \|$/gm)].map(
    ([, statuses, code, cause, remedy]) => [code, { statuses, cause, remedy }],
  ),
);

describe('the guide to errors', () => {
  it.each(codes)('explains %s as the pages do', (code) => {
    const { cause = '', remedy = '', statuses, title } = Object(explainedProblems.find((each) => each.code === code));
    for (const part of [cause, remedy, title]) expect(part).toMatch(/\w{3}/);
    expect(rows.get(code)).toEqual({ statuses, cause, remedy });
  });

  it('explains no other code', () => {
    expect([...rows.keys()].toSorted()).toEqual(codes.toSorted());
  });
});
