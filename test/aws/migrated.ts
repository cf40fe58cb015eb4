import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { StageSettings } from '../../infra/aws/settings/stage.ts';
import { startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { tool } from '../operator/tool.ts';
import { call, credentialsOf, escapeStage, operator, output } from './emulator.ts';
import { exampleFile } from './examples.ts';

// Run by deploy.sh after deployed.ts: the runbook's steps for a ledger that lost items, and for a
// stage that imports its created resources, by the runbook's own commands.
const [endpoint] = endpoints;
assert(endpoint);
const dynamo = new DynamoDBClient(operator);
const secrets = new SecretsManagerClient(operator);
const sandbox = await startSandbox({ endpoints });
const SecretString = JSON.stringify(sandbox.secret);
const path = fillPath(endpoint.path, endpoint.example.parameters);
const copy = 'ledger-copy';
const another = 'ledger-copy-2';
const outputsFile = String(process.env.STACK_OUTPUTS);
const cwd = new URL('../..', import.meta.url);

/** Runs the CDK CLI on both stacks of the stage dev, with other settings; returns its output. */
const cdk = async (command: readonly string[], settings: Partial<StageSettings>): Promise<string> => {
  const app = `${process.execPath} test/aws/rehearsed-app.ts`;
  const args = [...command, '--all', '--app', app, '--no-notices', '--output', `${outputsFile}.cdk.out`];
  const env = { ...process.env, REHEARSED: JSON.stringify(settings), CDK_VALIDATION: 'false' };
  const { stdout, stderr } = await promisify(execFile)('node_modules/.bin/cdk', args, { cwd, env }).catch((error) =>
    assert.fail(`cdk ${command[0]} with ${JSON.stringify(settings)}: ${error.stdout}${error.stderr}`),
  );
  return stdout + stderr;
};
const deploy = (settings: Partial<StageSettings>) =>
  cdk(['deploy', '--require-approval', 'never', '--outputs-file', outputsFile], settings);

/** Runs a tool of the runbook. */
const run = async (name: string, args: readonly string[], role?: string): Promise<unknown> => {
  const {
    accessKeyId,
    secretAccessKey,
    sessionToken = '',
  } = role === undefined ? { accessKeyId: 'test', secretAccessKey: 'test' } : await credentialsOf(output(role));
  const keys = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const env = { AWS_ENDPOINT_URL: operator.endpoint, AWS_REGION: operator.region, ...keys };
  const ran = await tool(name, [...args, '--output', 'json', '--stage', exampleFile('dev')], env);
  assert.equal(ran.code, 0, ran.stderr);
  return ran.lines[0]?.startsWith('{') ? JSON.parse(ran.lines[0]) : undefined;
};

/** A create with a key: its answer, and the number of resources with its name. */
const create = async (key: string): Promise<readonly [status: number, made: number]> => {
  await escapeStage(output('PlatformCallerArn'));
  const caller = await credentialsOf(output('PlatformCallerArn'));
  const body = { ...endpoint.example.body, name: key };
  const answer = await call(path, body, caller, [`Idempotency-Key: ${key}`]);
  const named = sandbox.resources(path).filter((resource) => Object(resource).name === key);
  if (answer.status !== 201) console.log(JSON.stringify(answer.body));
  return [answer.status, named.length];
};

/** Deletes the items that the copy has, but no later ones. */
const loseItems = async (TableName: string): Promise<number> => {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: copy }));
  for (const { pk } of Items) if (pk) await dynamo.send(new DeleteItemCommand({ TableName, Key: { pk } }));
  return Items.length;
};

assert.match(await deploy({}), /State .*no changes/);
console.log('deployed again: nothing changed');

const SecretId = output('SecretID');
await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
assert.deepEqual(await create('before'), [201, 1]);

const TableName = output('LedgerTable');
for (const TargetTableName of [copy, another]) {
  const source = { SourceTableName: TableName, UseLatestRestorableTime: true };
  await dynamo.send(new RestoreTableToPointInTimeCommand({ ...source, TargetTableName }));
}
assert.deepEqual(await create('since'), [201, 1]);
await run('stop', [], 'StopRoleArn');
const lost = await loseItems(TableName);
// No calls meanwhile: the emulator invokes a function even with a concurrency of 0.
console.log(`stopped; the ledger lost ${lost} items`);
console.log(JSON.stringify(await run('ledger', ['merge', '--from', copy])));
await run('stop', ['--resume'], 'StopRoleArn');
assert.deepEqual(await create('before'), [201, 1]);
assert.deepEqual(await create('since'), [201, 1]);
console.log('merged from the restored copy: retries made nothing again');

await secrets.send(new CreateSecretCommand({ Name: 'pingone/rehearsed', SecretString }));
await run('ledger', ['merge', '--table', copy, '--from', TableName]);
await dynamo.send(
  new UpdateTimeToLiveCommand({
    TableName: copy,
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  }),
);
await dynamo.send(
  new UpdateContinuousBackupsCommand({
    TableName: copy,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  }),
);
const imports = { ledger: { import: { name: copy } }, secret: { import: { name: 'pingone/rehearsed' } } };
await deploy(imports);
assert.equal(output('LedgerTable'), copy);
assert.deepEqual(await create('before'), [201, 1]);
assert.deepEqual(await create('imported'), [201, 1]);
console.log('imports the restored ledger and a secret: a retry made nothing again');

// Never back to what is made here: the emulator makes nothing again under an id that a stack had before. Nor with a
// customerKey: it has no tags of KMS keys. `migration.test.ts` has both, over the templates.
await run('ledger', ['merge', '--table', another, '--from', copy]);
await deploy({ ...imports, ledger: { import: { name: another } } });
for (const key of ['before', 'since', 'imported']) assert.deepEqual(await create(key), [201, 1]);
await deploy(imports);
for (const key of ['before', 'since', 'imported']) assert.deepEqual(await create(key), [201, 1]);
console.log('imported another ledger, and rolled back: retries made nothing again');

await cdk(['destroy', '--force'], imports);
await dynamo.send(new DescribeTableCommand({ TableName: copy }));
console.log('destroyed; what was imported stays');
await sandbox.close();
