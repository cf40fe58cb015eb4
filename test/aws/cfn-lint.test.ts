import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { synthesise } from './synthesise.ts';

const isInstalled = spawnSync('cfn-lint', ['--version']).status === 0;

it.skipIf(!isInstalled)('the templates pass cfn-lint (skipped where it is not installed)', () => {
  const templates = ['dev', 'prod'].flatMap((name) => {
    const { directory } = synthesise(name);
    return ['State', 'Service'].map((stack) => join(directory, `${stack}.template.json`));
  });
  // W3005: CDK writes dependencies that CloudFormation would see by itself.
  const { stdout, status } = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', ...templates], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
