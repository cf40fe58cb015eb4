import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseGrants } from '../../lib/grants/document.ts';
import { pageAt } from './markdown.ts';
import { bash, itWith } from './program.ts';
import { blockWhere } from './readme.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dotPages = readdirSync(join(root, '.github')).filter((name) => name.endsWith('.md'));
const inFolders = globSync('{functions,lib,infra,test}/**/*.md', { cwd: root });
const paths = ['README.md', ...inFolders, ...dotPages.map((name) => `.github/${name}`)];
const fromRoot = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each(paths)('%s', (path) => {
  const page = pageAt(path);

  it('links to what is there', () => {
    const dead = page.links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(path, '..', file);
      return !existsSync(join(root, target)) || (anchor !== undefined && !pageAt(target).anchors.includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('names files that exist', () => {
    expect(page.paths.filter((named) => !existsSync(join(root, named)))).toEqual([]);
  });

  it('names scripts that exist', () => {
    const known = ['ci', ...Object.keys(JSON.parse(fromRoot('package.json')).scripts)];
    expect(page.scripts.filter((script) => !known.includes(script))).toEqual([]);
  });

  it('has no heading twice', () => {
    expect(page.anchors).toEqual([...new Set(page.anchors)]);
  });
});

describe('each main folder', () => {
  const folders = ['functions', 'lib', 'infra', ...globSync('{lib,infra}/*/', { cwd: root })];

  it.each(folders)('has a README of at most 60 lines: %s', (folder) => {
    expect(fromRoot(join(folder, 'README.md')).trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });
});

describe('README', () => {
  const page = pageAt('README.md');

  it('is short enough to be read', () => {
    expect(page.text.split('\n').length).toBeLessThan(400);
  });

  it('has a table of contents of all its parts, in their order', () => {
    const [contents = ''] = /^\[.*\]\(#.* · .*$/m.exec(page.text) ?? [];
    const parts = [...contents.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
    expect(parts).toEqual(page.headings.filter(({ depth }) => depth === 2).map(({ anchor }) => anchor));
  });

  it('shows grants that have no faults', () => {
    const shown = blockWhere(({ language, text }) => language === 'json' && text.includes('"callers"'));
    expect(parseGrants(JSON.parse(shown)).callers).toHaveLength(1);
  });

  itWith('bash', 'npm')('checks and explains grants as it says', async () => {
    const commands = blockWhere(({ text }) => text.startsWith('npm run grants'));
    const env = { npm_config_update_notifier: 'false', npm_config_loglevel: 'silent' };
    const { code, stdout, stderr } = await bash(commands, { cwd: root, env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^no violations; callers: \d+, grants: \d+\nallow\nwhy: .*\ngrant: .*\ncaller: platform\n$/);
  });
});

it('the runbook has a place for every alarm', () => {
  const sources = globSync('infra/aws/constructs/*.ts', { cwd: root });
  const anchors = sources.flatMap((path) =>
    [...fromRoot(path).matchAll(/anchor: '([\w-]+)'/g)].map(([, anchor = '']) => anchor),
  );
  expect(anchors).toContain('dead-letters');
  const page = pageAt('infra/aws/RUNBOOK.md');
  expect(anchors.filter((anchor) => !page.anchors.includes(anchor))).toEqual([]);
});
