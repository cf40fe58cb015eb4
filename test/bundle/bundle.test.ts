import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { bundle, bundleOf } from '../../infra/bundle/bundle.ts';

/** The smallest. */
const name = 'request-status';

it('a bundle is complete at every moment while other processes build it again', async () => {
  await bundle(name);
  let building = true;
  const builds = Promise.all([bundle(name), bundle(name)]).finally(() => {
    building = false;
  });
  while (building) {
    expect(await readFile(bundleOf(name), 'utf8')).toMatch(/module\.exports=\{handler\}\);\n$/);
  }
  await builds;
});

it('a bundle lists its inputs', async () => {
  const { metafile } = await bundle(name);
  expect(Object.keys(metafile.inputs)).toContain('functions/request-status.ts');
});
