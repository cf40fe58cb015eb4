import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { bundle, bundleOf, functionNames } from '../../infra/bundle/bundle.ts';

it('is whole at every moment while others build it again', async () => {
  await bundle(...functionNames);
  let building = true;
  const builds = Promise.all([bundle(...functionNames), bundle(...functionNames)]).finally(() => {
    building = false;
  });
  while (building) {
    for (const name of functionNames) {
      expect(await readFile(bundleOf(name), 'utf8')).toMatch(/module\.exports=\{handler\}\);\n$/);
    }
  }
  await builds;
});

it('says what is in it', async () => {
  const { metafile } = await bundle('http');
  expect(Object.keys(metafile.inputs)).toContain('functions/http.ts');
});
