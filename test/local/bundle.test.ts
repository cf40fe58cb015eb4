import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bundle, bundleOf, functionNames } from '../../infra/bundle.ts';

describe.each(functionNames)('the bundle of %s', (name) => {
  it('is whole at every moment while others build it again', async () => {
    await bundle(name);
    let building = true;
    const builds = Promise.all([bundle(name), bundle(name)]).finally(() => {
      building = false;
    });
    while (building)
      expect(await readFile(bundleOf(name), 'utf8')).toMatch(/\/\/# sourceMappingURL=index\.cjs\.map\n$/);
    await builds;
  });

  it('says what is in it', async () => {
    const { metafile } = await bundle(name);
    expect(Object.keys(metafile.inputs)).toContain(`functions/${name}.ts`);
  });
});
