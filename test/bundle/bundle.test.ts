import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { bundle, bundleOf } from '../../infra/bundle/bundle.ts';

const names = ['http', 'queue'] as const;

it('a bundle is complete at every moment while other processes build it again', async () => {
  await bundle(...names);
  let building = true;
  const builds = Promise.all([bundle(...names), bundle(...names)]).finally(() => {
    building = false;
  });
  while (building) {
    for (const name of names) {
      expect(await readFile(bundleOf(name), 'utf8')).toMatch(/module\.exports=\{handler\}\);\n$/);
    }
  }
  await builds;
});

it('a bundle lists its inputs', async () => {
  const { metafile } = await bundle('http');
  expect(Object.keys(metafile.inputs)).toContain('functions/http.ts');
});
