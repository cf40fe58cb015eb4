import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { bundleOnce, functionNames, functionOptions } from '../../infra/bundle/bundle.ts';

it('a bundle lets our own code read a file', async () => {
  const outfile = fileURLToPath(new URL('../../.build/test/read-file.cjs', import.meta.url));
  const contents = "export { readFile } from 'node:fs/promises';";
  await build({ ...functionOptions, stdin: { contents, resolveDir: functionOptions.absWorkingDir }, outfile });
  const { readFile } = createRequire(import.meta.url)(outfile);
  expect(await readFile(outfile, 'utf8')).toContain('readFile');
});

const withSdk = functionNames.filter((name) => name !== 'not-offered');

it.each(withSdk)('the AWS SDK in %s looks for no configuration files', async (name) => {
  const { metafile } = await bundleOnce();
  const outputs = Object.entries(metafile.outputs).filter(([path]) => path.endsWith(`/${name}/index.cjs`));
  const imported = outputs.flatMap(([, { imports }]) => imports.map(({ path }) => path));
  expect(imported).toContain('node:http');
  expect(imported).not.toContain('node:fs/promises');
});
