import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { bundleOnce } from '../infra/bundle/bundle.ts';
import { bundledPackages, own } from './bundle/bundled-packages.ts';
import { snippet } from './guides/guides.ts';
import { bash, itWith } from './guides/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const workflows = readdirSync(`${root}.github/workflows`).map(
  (name) => [name, readFileSync(`${root}.github/workflows/${name}`, 'utf8')] as const,
);
const release = new Map(workflows).get('release.yml') ?? '';

describe.each([...workflows, ['the callers’ guide', `permissions: {}\n${snippet('github')}`] as const])(
  'the workflow %s',
  (_, text) => {
    it('pins every action by commit, with its version in a comment', () => {
      const used = [...text.matchAll(/uses: *(.+)/g)].map(([, action]) => action);
      expect(used.filter((action = '') => !/^[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    });

    it('limits its token, which may only read unless a job says so', () => {
      expect(text).toMatch(/^permissions: (?:\{\}|\{ contents: read \})$/m);
      expect(text).not.toMatch(/permissions: *(?:write-all|read-all)/);
    });

    it("runs no pull request with the repository's rights, and no foreign text as a script", () => {
      expect(text).not.toContain('pull_request_target');
      const scripts = [...text.matchAll(/run: *(?:\|\n((?: {10}.*\n?)+)|(.+))/g)].map(([, many, one]) => many ?? one);
      expect(scripts.filter((script = '') => script.includes('${{'))).toEqual([]);
    });

    it('leaves no token in a checkout', () => {
      for (const [step] of text.matchAll(/uses: actions\/checkout@.*\n.*/g)) {
        expect(step).toContain('persist-credentials: false');
      }
    });
  },
);

describe('the workflows', () => {
  it('analyse the code, review new dependencies, test, and release', () => {
    expect(workflows.map(([name]) => name).sort()).toEqual([
      'ci.yml',
      'codeql.yml',
      'dependency-review.yml',
      'release.yml',
    ]);
  });
});

describe('a release', () => {
  it('attests the build and the contents of its functions', () => {
    const attested = [...release.matchAll(/uses: actions\/attest@.*\n((?: {8,}.*\n)*)/g)].map(([, inputs]) => inputs);
    expect(attested).toEqual([
      expect.not.stringContaining('sbom-path'),
      expect.stringContaining('sbom-path: pingone-provisioner.cdx.json'),
    ]);
    for (const inputs of attested) expect(inputs).toContain('subject-path: pingone-provisioner-functions.tar.gz');
  });

  itWith('bash', 'npm')(
    'lists every package that its functions bundle, with version and hash, and no package of the tools',
    async () => {
      const [, command = ''] = /(npm sbom .*?) >/.exec(release) ?? [];
      const { code, stdout, stderr } = await bash(`${command} --package-lock-only`, { cwd: root });
      expect(code, stderr).toBe(0);
      const { components } = z.parse(sbom, JSON.parse(stdout));
      const listed = components.filter(
        ({ hashes, properties }) => hashes.length > 0 && !properties.some(isDevelopment),
      );
      const { metafile } = await bundleOnce();
      const bundled = [...bundledPackages(metafile).keys()].filter((name) => name !== own);
      expect(bundled.filter((name) => !listed.some((component) => component.name === name))).toEqual([]);
    },
  );
});

const sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().check(z.minLength(1)),
      hashes: z._default(z.array(z.unknown()), []),
      properties: z._default(z.array(z.object({ name: z.string(), value: z.string() })), []),
    }),
  ),
});

const isDevelopment = ({ name }: { readonly name: string }) => name === 'cdx:npm:package:development';
