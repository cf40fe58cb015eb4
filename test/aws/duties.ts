import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { outputName } from '../../infra/aws/stacks/output-name.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { tool } from '../operator/tool.ts';
import { exampleFile } from './examples.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Rehearsal {
  readonly endpoint: Endpoint;
  readonly aws: { readonly region: string; readonly endpoint: string };
  /** An output of the deployment. */
  readonly output: (name: string) => string;
  /** Credentials of each role of operators. */
  readonly redrive: Credentials;
  readonly settle: Credentials;
  readonly stop: Credentials;
  /** Puts an event whose resource gets this name. */
  readonly put: (name: string) => Promise<void>;
  /** Number of resources with this name. */
  readonly made: (name: string) => number;
  readonly until: (what: string, holds: () => boolean | Promise<boolean>) => Promise<void>;
}

/** The id of a request whose outcome is unknown, that `leaveOpen` writes. */
const openID = 'e'.repeat(64);

/** Writes a request with an unknown outcome into the ledger, as an attempt that died leaves it. */
export const leaveOpen = async (dynamo: DynamoDBClient, TableName: string, { name, example }: Endpoint) => {
  const sent = Date.now() - 3_600_000;
  const times = { createdAt: sent, updatedAt: sent, firstSent: sent, lastSent: sent, endedBy: sent, graceMs: 60_000 };
  const who = { caller: 'platform', fingerprint: 'f', name: '2-f', arrivalID: 'a', parameters: example.parameters };
  const item = { pk: `${name}#request#${openID}`, state: 'unknown', ...who, ...times };
  await dynamo.send(new PutItemCommand({ TableName, Item: marshall(item) }));
};

/** Runs each tool of the runbook against a deployment, with the role of its duty, and with another role that must fail. */
export const rehearseDuties = async (rehearsal: Rehearsal): Promise<void> => {
  await rehearseStop(rehearsal);
  await rehearseSettle(rehearsal);
  await rehearseRedrive(rehearsal);
};

const by = ({ aws }: Rehearsal, { accessKeyId, secretAccessKey, sessionToken = '' }: Credentials) => ({
  AWS_ENDPOINT_URL: aws.endpoint,
  AWS_REGION: aws.region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
});

const succeeds = async (...command: Parameters<typeof tool>) => {
  const ran = await tool(...command);
  assert.equal(ran.code, 0, ran.stderr);
  return ran;
};

const isRefused = async (...command: Parameters<typeof tool>) => {
  const { code, stderr } = await tool(...command);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /AWS answered 403|not authorized/);
};

const rehearseStop = async (rehearsal: Rehearsal): Promise<void> => {
  const { endpoint, stop, settle, put, made, until } = rehearsal;
  const here = ['--stage', exampleFile('dev')];
  await isRefused('stop', here, by(rehearsal, settle));
  await succeeds('stop', here, by(rehearsal, stop));
  await put('While stopped');
  await delay(3_000);
  assert.equal(made('While stopped'), 0);
  await succeeds('stop', ['--resume', ...here], by(rehearsal, stop));
  await until('what waited is provisioned', () => made('While stopped') === 1);
  console.log(`${endpoint.name}: the stop role stopped it and resumed it; an event waited unharmed`);
};

const rehearseSettle = async (rehearsal: Rehearsal): Promise<void> => {
  const { endpoint, stop, settle } = rehearsal;
  const here = ['--stage', exampleFile('dev')];
  await isRefused('ledger', ['unknown', '--output', 'json', ...here], by(rehearsal, stop));
  const { lines } = await succeeds('ledger', ['unknown', '--output', 'json', ...here], by(rehearsal, settle));
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).id),
    [openID],
  );
  await succeeds('ledger', ['settle', openID, '--absent', '--yes', '--by', 'olga', ...here], by(rehearsal, settle));
  assert.deepEqual(
    (await succeeds('ledger', ['unknown', '--output', 'json', ...here], by(rehearsal, settle))).lines,
    [],
  );
  console.log(`${endpoint.name}: the settle role listed an open request and closed it`);
};

const rehearseRedrive = async (rehearsal: Rehearsal): Promise<void> => {
  const { aws, endpoint, redrive, settle, output, until } = rehearsal;
  const { name } = endpoint;
  const here = [name, '--stage', exampleFile('dev')];
  const sqs = new SQSClient({ ...aws, credentials: redrive });
  const QueueUrl = output(outputName(name, 'QueueUrl'));
  // The redrive role may send: here an unreadable message.
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not JSON' }));
  await isRefused('redrive', ['show', '--output', 'json', ...here], by(rehearsal, settle));
  await until('a dead letter is shown', async () => {
    const { lines } = await succeeds('redrive', ['show', '--output', 'json', ...here], by(rehearsal, redrive));
    return lines.some((line) => JSON.parse(line).code === 'NOT_JSON');
  });
  // `redrive start` is in test/operator/redrive.test.ts: the emulator has no StartMessageMoveTask.
  console.log(`${name}: the redrive role was shown a dead letter; no start here, the emulator can't`);
};
