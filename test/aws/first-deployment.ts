import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { tool } from '../operator/tool.ts';
import { call, credentialsOf, escapeStage, operator, output } from './emulator.ts';

// What deploy.sh has the emulator run last: a first deployment with the defaults of set-up, by exactly the commands that
// set-up prints, and a first call of each endpoint.

const root = fileURLToPath(new URL('../..', import.meta.url));
const account = '123456789012';
const sandbox = await startSandbox({ endpoints });
// CDK's own checks, which the synthesis before had, take half of each synthesis.
const env = { ...process.env, CDK_VALIDATION: 'false' };
const folder = await mkdtemp(join(root, '.build', 'first-'));
const environment = endpoints.map(({ example }) => Object(example.parameters).environmentID)[0];

const answers = ['--file', join(folder, 'first.ts'), '--account', account, '--environment', environment];
const { lines, stderr, code } = await tool('setup/setup', [...answers, '--output', 'json'], {
  AWS_REGION: operator.region,
  CDK_VALIDATION: 'false',
});
assert.equal(code, 0, stderr);
const { commands } = z.parse(z.object({ commands: z.array(z.string()) }), JSON.parse(lines[0] ?? ''));
console.log('setup wrote a stage and its grants, and synthesised them');

await writeFile(join(folder, 'worker-application.json'), JSON.stringify(sandbox.secret));
// There is no person who could approve, and the outputs are read below.
const unattended = `--require-approval never --outputs-file ${process.env.STACK_OUTPUTS}`;
for (const command of commands) {
  const words = command.startsWith('npx cdk deploy') ? `${command} ${unattended}` : command;
  const begun = performance.now();
  await promisify(execFile)('bash', ['-c', words], { cwd: root, env }).catch((error) =>
    assert.fail(`${words}: ${error.stdout}${error.stderr}`),
  );
  console.log(`${command.replace(folder, '…')}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}

await escapeStage(output('PlatformCallerArn'));
const caller = await credentialsOf(output('PlatformCallerArn'));
for (const { path, example, name } of endpoints) {
  const created = await call(fillPath(path, example.parameters), example.body, caller);
  assert.equal(created.status, 201, JSON.stringify(created.body));
  console.log(`${name}: the first call got 201`);
}
await sandbox.close();
await rm(folder, { recursive: true });
