import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snippet } from '../guides/guides.ts';
import { synthesise } from './synthesise.ts';

const isInstalled = spawnSync('cfn-lint', ['--version']).status === 0;

const title = 'the templates of prod, and the rule of the events guide, pass cfn-lint (skipped where it is missing)';
// It takes seconds for each template, and longer where others work: `.ci/run` has those of every stage.
it.skipIf(!isInstalled)(title, { timeout: 120_000 }, () => {
  const { directory } = synthesise('prod');
  const templates = ['State', 'Service'].map((stack) => join(directory, `${stack}.template.json`));
  // W3005: CDK writes dependencies that CloudFormation would see by itself.
  const { stdout, status } = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', ...templates, rule()], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

/** A template with the rule of the events guide, in a file. */
const rule = (): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'rule-')), 'rule.yaml');
  const resource = snippet('rule').replace(/^(?=.)/gm, '  ');
  writeFileSync(file, `Parameters: { OutcomeQueueArn: { Type: String } }\nResources:\n${resource}`);
  return file;
};
