import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGrants } from '../../lib/grants/document.ts';
import { blockWhere, paths, root } from './guides.ts';
import { pageAt } from './markdown.ts';
import { bash, itWith } from './program.ts';

const fromRoot = (path: string) => readFileSync(join(root, path), 'utf8');
const lines = (path: string) => fromRoot(path).trimEnd().split('\n').length;

describe.each(paths)('%s', (path) => {
  const page = pageAt(path);

  it('has no broken link', () => {
    const dead = page.links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(path, '..', file);
      return !existsSync(join(root, target)) || (anchor !== undefined && !pageAt(target).anchors.includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('names only existing files', () => {
    expect(page.paths.filter((named) => !existsSync(join(root, named)))).toEqual([]);
  });

  it('names only existing scripts', () => {
    const known = ['ci', 'install', ...Object.keys(JSON.parse(fromRoot('package.json')).scripts)];
    expect(page.scripts.filter((script) => !known.includes(script))).toEqual([]);
  });

  it('has no heading twice', () => {
    expect(page.anchors).toEqual([...new Set(page.anchors)]);
  });
});

describe('each main folder', () => {
  const folders = ['functions', 'lib', 'infra', ...globSync('{lib,infra}/*/', { cwd: root })];

  it.each(folders)('has a README of at most 60 lines: %s', (folder) => {
    expect(lines(join(folder, 'README.md'))).toBeLessThanOrEqual(60);
  });
});

describe('README', () => {
  it('has at most 160 lines', () => {
    expect(lines('README.md')).toBeLessThanOrEqual(160);
  });

  it('shows a picture of at most 100 kB', () => {
    const [, picture = ''] = /^!\[.+\]\((.+\.png)\)$/m.exec(fromRoot('README.md')) ?? [];
    expect(readFileSync(join(root, picture)).byteLength).toBeLessThanOrEqual(100_000);
  });

  it('leads to every guide', () => {
    const guides = paths.filter((path) => /^(?:lib|infra)\/.*\/(?!README)[A-Z]+\.md$/.test(path));
    expect(pageAt('README.md').links).toEqual(expect.arrayContaining(guides));
  });
});

describe('the guide to grants', () => {
  it('shows grants without violations', () => {
    const shown = blockWhere(({ language, text }) => language === 'json' && text.includes('"orders-team"'));
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

it('the runbook has a section for every alarm', () => {
  const sources = globSync('infra/aws/constructs/*.ts', { cwd: root });
  const anchors = sources.flatMap((path) =>
    [...fromRoot(path).matchAll(/anchor: '([\w-]+)'/g)].map(([, anchor = '']) => anchor),
  );
  expect(anchors).toContain('dead-letters');
  const page = pageAt('infra/aws/RUNBOOK.md');
  expect(anchors.filter((anchor) => !page.anchors.includes(anchor))).toEqual([]);
});
