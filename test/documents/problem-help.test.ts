import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { explainedProblems } from '../../infra/documents/problem-help.ts';
import { docsPage } from '../../infra/local/web/docs-html.ts';
import { problems } from '../../lib/problems.ts';

const codes = Object.keys(problems);
const guide = await readFile(new URL('../../lib/http/ERRORS.md', import.meta.url), 'utf8');
const page = docsPage(explainedProblems);

/** The rows of the guide's table of errors by code, each with an anchor that problem types may lead to. */
const rows = new Map(
  [...guide.matchAll(/^\| ([^|]+) \| <a id="([A-Z_]+)"><\/a>`\2` \| (.*) \| (.*) \|$/gm)].map(
    ([, statuses, code, cause, remedy]) => [code, { statuses, cause, remedy }],
  ),
);

describe('every problem is explained', () => {
  it.each(codes)('%s, on the reference page and in the guide', (code) => {
    const { cause = '', remedy = '', statuses, title } = Object(explainedProblems.find((each) => each.code === code));
    expect(page).toContain(`<article id="${code}"`);
    for (const part of [cause, remedy, title]) expect(part).toMatch(/\w{3}/);
    expect(rows.get(code), `the guide says the same of ${code}`).toEqual({ statuses, cause, remedy });
  });

  it('and no other code is', () => {
    expect([...rows.keys()].filter((code) => code !== undefined && !codes.includes(code))).toEqual([]);
    expect([...page.matchAll(/<article id="(\w+)"/g)].map(([, code]) => code).toSorted()).toEqual(codes.toSorted());
  });

  it('with its text escaped for HTML', () => {
    const cause = 'a < b & `c > "d"`';
    expect(docsPage([{ code: 'NOT_FOUND', title: '<t>', statuses: '404', cause, remedy: '' }])).toContain(
      '<dd>a &#60; b &#38; <code>c &#62; &#34;d&#34;</code></dd>',
    );
  });
});
