import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { functionOptions } from '../../infra/bundle/bundle.ts';
import { describeError } from '../../lib/runtime/logger.ts';

it('a stack frame of a bundle gets its place in the source', async () => {
  const outfile = fileURLToPath(new URL('../../.build/test/source-frame.cjs', import.meta.url));
  const contents = '\n\nexport const fail = (): Error => new TypeError("x");';
  await build({ ...functionOptions, stdin: { contents, loader: 'ts', sourcefile: 'failing.ts' }, outfile });
  const { fail } = createRequire(import.meta.url)(outfile);
  expect(describeError(fail())).toMatchObject({
    frames: expect.arrayContaining([expect.stringMatching(/failing\.ts:3:\d+/)]),
  });
});
