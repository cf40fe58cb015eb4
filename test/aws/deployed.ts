import assert from 'node:assert/strict';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  ListArchivesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { type Credentials, leaveOpen, rehearseDuties } from './duties.ts';
import { call, credentialsOf, enforceAfter, escapeStage, member, operator, output, query, until } from './emulator.ts';

// Run by deploy.sh after the deployment of the stage dev into the emulator: calls through its API and its bus, with the
// functions' own IAM policies enforced, against a PingOne sandbox.

/** The emulator delivers events without their account, unless a rule asks for the whole event unchanged. */
const deliverWholeEvents = async (events: EventBridgeClient): Promise<void> => {
  const EventBusName = output('BusName');
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
  for (const { Name } of Rules) {
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule: Name }));
    const InputTransformer = { InputTemplate: '<aws.events.event.json>' };
    const whole = Targets.filter(({ Arn }) => Arn?.includes(':sqs:')).map((target) => ({
      ...target,
      InputTransformer,
    }));
    if (whole.length > 0) await events.send(new PutTargetsCommand({ EventBusName, Rule: Name, Targets: whole }));
  }
};

/** A principal of the account that may only put events on the gateway's bus. */
const senderCredentials = async (): Promise<Credentials> => {
  await query('iam', 'CreateUser', { UserName: 'sender' });
  const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: output('BusArn') };
  await query('iam', 'PutUserPolicy', {
    UserName: 'sender',
    PolicyName: 'send',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  });
  const xml = await query('iam', 'CreateAccessKey', { UserName: 'sender' });
  return { accessKeyId: member(xml, 'AccessKeyId'), secretAccessKey: member(xml, 'SecretAccessKey') };
};

const put = async (...Entries: PutEventsRequestEntry[]): Promise<void> => {
  const bus = new EventBridgeClient({ ...operator, credentials: sender });
  const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries }));
  assert.equal(FailedEntryCount, 0);
};

/** A request event with the endpoint's example under a name, which is its key, too. */
const eventFor = ({ event, example }: Endpoint, name: string): PutEventsRequestEntry => ({
  EventBusName: output('BusName'),
  Source: 'com.example.platform',
  DetailType: event,
  Detail: JSON.stringify({
    version: '1',
    ...example.parameters,
    idempotencyKey: name,
    body: { ...example.body, name },
  }),
});

const outcomesTold = (count: number): Promise<void> =>
  until(`${count} outcomes are in the archive`, async () => {
    const { Archives = [] } = await new EventBridgeClient(operator).send(new ListArchivesCommand({}));
    return Archives.some(({ EventCount = 0 }) => EventCount >= count);
  });

/** A create that IAM allows, for which the caller has no grant. */
const notGranted = ({ example, grants }: Endpoint) => {
  const { parameters, body } = example;
  const place = String(grants.apiServers ?? '');
  if (place === '') return { parameters, body: { ...body, connector: { id: 'notGranted' } } };
  return {
    parameters: { ...parameters, [place.replace('parameters.', '')]: '00000000-0000-4000-8000-000000000000' },
    body,
  };
};

const sandbox = await startSandbox({ endpoints });
const made = ({ path, example }: Endpoint, name: string) =>
  sandbox.resources(fillPath(path, example.parameters)).filter((resource) => Object(resource).name === name).length;

await new SecretsManagerClient(operator).send(
  new PutSecretValueCommand({ SecretId: output('SecretID'), SecretString: JSON.stringify(sandbox.secret) }),
);
await deliverWholeEvents(new EventBridgeClient(operator));
await escapeStage(output('PlatformCallerArn'));
const caller = await credentialsOf(output('PlatformCallerArn'));
const sender = await senderCredentials();
const duties = {
  redrive: await credentialsOf(output('RedriveRoleArn')),
  settle: await credentialsOf(output('SettleRoleArn')),
  stop: await credentialsOf(output('StopRoleArn')),
};
await enforceAfter(0);
const sent: PutEventsRequestEntry[] = [];
try {
  for (const endpoint of endpoints) {
    const { path, example, name } = endpoint;
    const create = fillPath(path, example.parameters);
    const created = await call(create, { ...example.body, name: 'By HTTP' }, caller);
    assert.equal(created.status, 201, JSON.stringify(created.body));
    assert.equal(made(endpoint, 'By HTTP'), 1);
    console.log(`${name}: a signed create got 201`);

    assert.equal((await call(create, example.body)).status, 403);
    const elsewhere = fillPath(path, { ...example.parameters, environmentID: '00000000-0000-4000-8000-000000000000' });
    assert.equal((await call(elsewhere, example.body, caller)).status, 403);
    const { parameters, body } = notGranted(endpoint);
    const denied = await call(fillPath(path, parameters), body, caller);
    assert.deepEqual([denied.status, denied.body.code], [403, 'ACCESS_FAILED'], JSON.stringify(denied.body));
    console.log(`${name}: 403 without a signature, in another environment, and without a grant`);

    const accepted = await call(create, { ...example.body, name: 'Later' }, caller, ['Prefer: respond-async']);
    assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
    await until('an accepted request is created', async () => {
      const { body } = await call(`/requests/${accepted.body.id}`, undefined, caller);
      return body.state === 'created';
    });
    assert.equal(made(endpoint, 'Later'), 1);
    console.log(`${name}: an accepted create was made through the queue, and its status says so`);

    const entry = eventFor(endpoint, 'By event');
    await put(entry);
    sent.push(entry);
    await until('an event is provisioned', () => made(endpoint, 'By event') > 0);
    console.log(`${name}: an event was provisioned`);
  }
} finally {
  await enforceAfter(1_000_000);
}

// One for each endpoint's event, one for the accepted request.
await outcomesTold(2 * endpoints.length);
// In one batch with the first, the same event would wait for its lease, which is longer than this test.
await put(...sent);
await outcomesTold(3 * endpoints.length);
for (const endpoint of endpoints) assert.equal(made(endpoint, 'By event'), 1);
console.log('every outcome was told on the bus and archived; nothing was made twice');

const [endpoint] = endpoints;
assert(endpoint);
await leaveOpen(new DynamoDBClient(operator), output('LedgerTable'), endpoint);
await enforceAfter(0);
try {
  await rehearseDuties({
    ...duties,
    endpoint,
    aws: operator,
    output,
    put: (name) => put(eventFor(endpoint, name)),
    made: (name) => made(endpoint, name),
    until,
  });
} finally {
  await enforceAfter(1_000_000);
}
await sandbox.close();
