import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../infra/aws/constructs/pascal-case.ts';
import { otherMethods, otherPaths } from '../../infra/documents/routes.ts';
import { eventSources } from '../../lib/contract.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { settingsOf, stageOf } from './examples.ts';
import { allows, denies, policiesOf, type Statement, statementsOf } from './iam.ts';
import { flat, synthesise } from './synthesise.ts';

const dev = synthesise('dev');
const prod = synthesise('prod');
const ownSecrets = synthesise('dev', {
  ...settingsOf('dev'),
  customerKey: true,
  secret: { import: { name: 'pingone/shared' } },
  endpointSecrets: Object.fromEntries(endpoints.map(({ name }) => [name, { import: { name: `pingone/${name}` } }])),
});

const roleOf = (id: string, of = dev) => of.service.named('AWS::IAM::Role', new RegExp(`^${id}Role[\\dA-F]{8}$`)).id;
const queueOf = (id: string) => `<${dev.service.named('AWS::SQS::Queue', new RegExp(`^${id}[\\dA-F]{8}$`)).id}.Arn>`;
const queuePolicyOf = (id: string) =>
  statementsOf(
    dev.service.named('AWS::SQS::QueuePolicy', new RegExp(`^${id}Policy[\\dA-F]{8}$`)).properties.PolicyDocument,
    dev,
  );
const operatorOf = (duty: string, of = dev) =>
  of.service.named('AWS::IAM::Role', new RegExp(`^Operators${duty}[\\dA-F]{8}$`)).id;
const actionsOf = (statements: readonly Statement[]) =>
  [...new Set(statements.flatMap(({ actions }) => actions))].sort();
const ledger = dev.state.named('AWS::DynamoDB::GlobalTable', /Ledger/).id;
const table = `arn:aws:dynamodb:eu-west-1:<AWS::AccountId>:table/<${ledger}>`;
const bus = `<${dev.service.named('AWS::Events::EventBus', /Bus/).id}.Arn>`;
const account = '123456789012';

const operators = ['Redrive', 'Settle', 'Stop'].map((duty) => operatorOf(duty));

const ofEveryFunction = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

const item = (action: string, key: string) => ({
  action: `dynamodb:${action}`,
  resource: table,
  context: { 'dynamodb:LeadingKeys': [key] },
});

const deployed = endpoints.filter(({ deployment }) => deployment);

describe.each(endpoints)('the roles of $name', ({ name }) => {
  const id = pascalCase(name);
  const http = policiesOf(roleOf(`${id}Http`), dev);
  const queue = policiesOf(roleOf(`${id}Queue`), dev);
  const others = endpoints.filter((endpoint) => endpoint.name !== name);

  it('let the read function read the secret, and do nothing else', () => {
    const read = policiesOf(roleOf(`${id}Read`), dev);
    expect(actionsOf(read)).toEqual([...ofEveryFunction, 'secretsmanager:GetSecretValue'].sort());
  });

  it("allow exactly the functions' own calls", () => {
    const ofBoth = [...ofEveryFunction, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'secretsmanager:GetSecretValue'];
    expect(actionsOf(http)).toEqual([...ofBoth, 'sqs:SendMessage'].sort());
    expect(actionsOf(queue)).toEqual(
      [
        ...ofBoth,
        'events:PutEvents',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ].sort(),
    );
  });

  it.each([
    ['HTTP', http],
    ['queue', queue],
  ])("have no wildcard resource except X-Ray's, for the %s function", (_, statements) => {
    const open = statements.filter(({ resources }) => resources.some((resource) => /[*?]/.test(resource)));
    expect(actionsOf(open)).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
  });

  it.each([
    ['HTTP', http],
    ['queue', queue],
  ])('restrict the %s function to its own ledger items', (_, statements) => {
    for (const action of ['GetItem', 'UpdateItem']) {
      expect(allows(statements, item(action, `${name}#request#1`))).toBe(true);
      expect(allows(statements, item(action, `${name}#name#1`))).toBe(true);
      expect(allows(statements, item(action, `${name}-too#request#1`))).toBe(false);
      for (const other of others) expect(allows(statements, item(action, `${other.name}#request#1`))).toBe(false);
    }
    for (const action of ['DeleteItem', 'PutItem', 'Query', 'Scan']) {
      expect(allows(statements, item(action, `${name}#request#1`))).toBe(false);
    }
  });

  it('allow the queue and its dead letters only to the queue function of the endpoint', () => {
    const send = (resource: string) => ({ action: 'sqs:SendMessage', resource });
    expect(allows(http, send(queueOf(`${id}RequestsQueue`)))).toBe(true);
    expect(allows(http, send(queueOf(`${id}RequestsDeadLetters`)))).toBe(false);
    expect(allows(queue, send(queueOf(`${id}RequestsDeadLetters`)))).toBe(true);
    expect(allows(queue, send(queueOf(`${id}RequestsQueue`)))).toBe(false);
    for (const other of others.map((endpoint) => pascalCase(endpoint.name))) {
      for (const resource of [queueOf(`${other}RequestsQueue`), queueOf(`${other}RequestsDeadLetters`)]) {
        expect(allows([...http, ...queue], send(resource))).toBe(false);
        expect(allows(queue, { action: 'sqs:ReceiveMessage', resource })).toBe(false);
      }
    }
  });

  it("let only the queue function publish outcomes, on the gateway's bus", () => {
    expect(allows(queue, { action: 'events:PutEvents', resource: bus })).toBe(true);
    expect(allows(queue, { action: 'events:PutEvents', resource: 'arn:aws:events:r:a:event-bus/default' })).toBe(false);
    expect(allows(http, { action: 'events:PutEvents', resource: bus })).toBe(false);
  });

  it('give each function only its own secret, and a customer key only through AWS services', () => {
    for (const door of ['Http', 'Queue']) {
      const statements = policiesOf(roleOf(`${id}${door}`, ownSecrets), ownSecrets);
      const read = (secret: string) => ({
        action: 'secretsmanager:GetSecretValue',
        resource: `arn:aws:secretsmanager:eu-west-1:<AWS::AccountId>:secret:pingone/${secret}-AbCdEf`,
      });
      expect(allows(statements, read(name))).toBe(true);
      for (const other of others) expect(allows(statements, read(other.name))).toBe(false);
      for (const [key, service] of [
        [ownSecrets.state.named('AWS::KMS::Key', /./), 'dynamodb'],
        [ownSecrets.service.named('AWS::KMS::Key', /./), 'sqs'],
      ] as const) {
        const decrypt = { action: 'kms:Decrypt', resource: `<${key.id}.Arn>` };
        expect(allows(statements, decrypt)).toBe(false);
        const context = { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` };
        expect(allows(statements, { ...decrypt, context })).toBe(true);
      }
    }
  });

  const administrator = `arn:aws:iam::${account}:role/Administrator`;
  const root = `arn:aws:iam::${account}:root`;
  const everyQueue = [`${id}RequestsQueue`, `${id}RequestsDeadLetters`, `${id}RequestsUndelivered`];

  it.each([
    [`${id}RequestsQueue`, roleOf(`${id}Queue`)],
    [`${id}RequestsDeadLetters`, operatorOf('Redrive')],
    [`${id}RequestsUndelivered`, operatorOf('Redrive')],
  ])('deny reading and redriving %s to all but %s, regardless of other policies of the account', (queueID, reader) => {
    const statements = queuePolicyOf(queueID);
    for (const verb of ['ReceiveMessage', 'DeleteMessage', 'StartMessageMoveTask', 'CancelMessageMoveTask']) {
      const action = `sqs:${verb}`;
      const request = (principal: string) => ({
        action,
        resource: queueOf(queueID),
        context: { 'aws:PrincipalArn': principal },
      });
      expect(denies(statements, request(`<${reader}.Arn>`))).toBe(false);
      const others = [`${id}Http`, `${id}Queue`].map((door) => roleOf(door)).concat(operators);
      for (const other of others.filter((role) => role !== reader)) {
        expect(denies(statements, request(`<${other}.Arn>`)), other).toBe(true);
      }
      for (const other of [administrator, root]) expect(denies(statements, request(other))).toBe(true);
    }
  });

  it('let no other queue of the account use theirs as its dead-letter queue, which a queue policy would not prevent', () => {
    const redriveAllowOf = (queueID: string) => {
      const { properties } = dev.service.named('AWS::SQS::Queue', new RegExp(`^${queueID}[\\dA-F]{8}$`));
      return properties.RedriveAllowPolicy;
    };
    const { properties } = dev.service.named('AWS::SQS::Queue', new RegExp(`^${id}RequestsQueue`));
    const arn = `arn:aws:sqs:eu-west-1:<AWS::AccountId>:${flat(properties.QueueName, dev)}`;
    const byQueue = redriveAllowOf(`${id}RequestsDeadLetters`);
    expect(byQueue.redrivePermission).toBe('byQueue');
    expect(byQueue.sourceQueueArns.map((source: unknown) => flat(source, dev))).toEqual([arn]);
    for (const queueID of [`${id}RequestsQueue`, `${id}RequestsUndelivered`]) {
      expect(redriveAllowOf(queueID)).toEqual({ redrivePermission: 'denyAll' });
    }
  });

  it("keep each queue policy within SQS's limits: 20 statements, 7 actions each", () => {
    for (const statements of everyQueue.map(queuePolicyOf)) {
      expect(statements.length).toBeLessThanOrEqual(20);
      for (const { actions } of statements) expect(actions.length).toBeLessThanOrEqual(7);
    }
  });

  it('let no identity except the functions and the redrive role decrypt a message with a customer key', () => {
    const key = ownSecrets.service.named('AWS::KMS::Key', /^QueueKey/);
    for (const queueID of everyQueue) {
      const { properties } = ownSecrets.service.named('AWS::SQS::Queue', new RegExp(`^${queueID}[\\dA-F]{8}$`));
      expect(flat(properties.KmsMasterKeyId, ownSecrets)).toBe(`<${key.id}.Arn>`);
    }
    const statements = statementsOf(key.properties.KeyPolicy, ownSecrets);
    for (const action of ['kms:Decrypt', 'kms:ReEncryptFrom']) {
      const request = (context: Record<string, string>) => ({ action, resource: '*', context });
      const allowed = [
        roleOf(`${id}Http`, ownSecrets),
        roleOf(`${id}Queue`, ownSecrets),
        operatorOf('Redrive', ownSecrets),
      ];
      for (const role of allowed) {
        expect(denies(statements, request({ 'aws:PrincipalArn': `<${role}.Arn>` }))).toBe(false);
      }
      const refused = [
        operatorOf('Settle', ownSecrets),
        operatorOf('Stop', ownSecrets),
        roleOf('RequestStatus', ownSecrets),
      ];
      for (const other of [...refused.map((role) => `<${role}.Arn>`), administrator, root]) {
        expect(denies(statements, request({ 'aws:PrincipalArn': other })), other).toBe(true);
      }
      // EventBridge, which has no ARN.
      expect(denies(statements, request({}))).toBe(false);
    }
  });

  it('let only the rule, the functions that accept requests and the redrive role send to the queue', () => {
    const queueID = queueOf(`${id}RequestsQueue`);
    const policy = dev.service.named('AWS::SQS::QueuePolicy', new RegExp(`^${id}RequestsQueuePolicy`));
    const statements = statementsOf(policy.properties.PolicyDocument, dev);
    const sent = (context: Record<string, string>) => ({ action: 'sqs:SendMessage', resource: queueID, context });
    const rule = (endpoint: string) =>
      `<${dev.service.named('AWS::Events::Rule', new RegExp(`^${pascalCase(endpoint)}Rule`)).id}.Arn>`;
    expect(allows(statements, sent({ 'aws:SourceArn': rule(name) }))).toBe(true);
    for (const other of others) expect(allows(statements, sent({ 'aws:SourceArn': rule(other.name) }))).toBe(false);
    for (const role of [roleOf(`${id}Http`), roleOf('WebhooksAccept'), operatorOf('Redrive')]) {
      expect(denies(statements, sent({ 'aws:PrincipalArn': `<${role}.Arn>` }))).toBe(false);
    }
    expect(denies(statements, sent({ 'aws:PrincipalArn': administrator }))).toBe(true);
    for (const role of [roleOf(`${id}Queue`), operatorOf('Settle'), operatorOf('Stop')]) {
      expect(denies(statements, sent({ 'aws:PrincipalArn': `<${role}.Arn>` }))).toBe(true);
    }
  });

  it('let no identity except the queue function write dead letters, which a redrive would make requests', () => {
    const policy = dev.service.named('AWS::SQS::QueuePolicy', new RegExp(`^${id}RequestsDeadLettersPolicy`));
    const statements = statementsOf(policy.properties.PolicyDocument, dev);
    const buried = (context: Record<string, string>) => ({
      action: 'sqs:SendMessage',
      resource: queueOf(`${id}RequestsDeadLetters`),
      context,
    });
    expect(denies(statements, buried({ 'aws:PrincipalArn': `<${roleOf(`${id}Queue`)}.Arn>` }))).toBe(false);
    expect(denies(statements, buried({ 'aws:PrincipalArn': administrator }))).toBe(true);
    expect(denies(statements, buried({ 'aws:PrincipalArn': `<${operatorOf('Redrive')}.Arn>` }))).toBe(true);
    // SQS itself, after the last receive.
    expect(denies(statements, buried({}))).toBe(false);
  });
});

describe.each(deployed)('the role that deploys for $name', ({ name }) => {
  const id = pascalCase(name);
  const statements = policiesOf(roleOf(`${id}DeploymentsOnCall`), dev);

  it("may read the secret and use the ledger's items of deployments, and nothing else", () => {
    expect(actionsOf(statements)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      ...ofEveryFunction.filter((action) => action < 'secretsmanager'),
      'secretsmanager:GetSecretValue',
      ...ofEveryFunction.filter((action) => action > 'secretsmanager'),
    ]);
    for (const action of ['GetItem', 'UpdateItem']) {
      expect(allows(statements, item(action, `${name}#deployment#1`))).toBe(true);
      for (const other of ['request', 'name'])
        expect(allows(statements, item(action, `${name}#${other}#1`))).toBe(false);
    }
  });
});

describe.each(deployed)('the queue of pending deployments for $name', ({ name }) => {
  const id = pascalCase(name);
  const [http, queue, deployer] = ['Http', 'Queue', 'DeploymentsFromQueue'].map((door) => roleOf(`${id}${door}`));
  const queueID = dev.service.named('AWS::SQS::Queue', new RegExp(`^${id}DeploymentsPendingQueue`)).id;
  const administrator = `arn:aws:iam::123456789012:role/Administrator`;
  const resource = `<${queueID}.Arn>`;
  const policy = dev.service
    .ofType('AWS::SQS::QueuePolicy')
    .find(({ properties }) => JSON.stringify(properties.Queues).includes(queueID));
  const statements = statementsOf(policy?.properties.PolicyDocument, dev);
  const by = (action: string, principal: string) => ({
    action,
    resource,
    context: { 'aws:PrincipalArn': principal, 'aws:SecureTransport': 'true' },
  });

  it('takes messages only from functions that create, and from the redrive role', () => {
    for (const role of [http, queue, operatorOf('Redrive')])
      expect(denies(statements, by('sqs:SendMessage', `<${role}.Arn>`))).toBe(false);
    for (const principal of [`<${deployer}.Arn>`, administrator])
      expect(denies(statements, by('sqs:SendMessage', principal))).toBe(true);
  });

  it('has dead letters that the redrive role may read and move back, and no other queue may use', () => {
    const redrive = policiesOf(operatorOf('Redrive'), dev);
    const dead = dev.service.named('AWS::SQS::Queue', new RegExp(`^${id}DeploymentsPendingDeadLetters`));
    for (const action of ['sqs:ReceiveMessage', 'sqs:StartMessageMoveTask', 'sqs:DeleteMessage'])
      expect(allows(redrive, { action, resource: `<${dead.id}.Arn>` })).toBe(true);
    expect(allows(redrive, { action: 'sqs:SendMessage', resource })).toBe(true);
    expect(dead.properties.RedriveAllowPolicy).toMatchObject({ redrivePermission: 'byQueue' });
  });

  it('is read only by the function that deploys', () => {
    expect(denies(statements, by('sqs:ReceiveMessage', `<${deployer}.Arn>`))).toBe(false);
    for (const principal of [`<${http}.Arn>`, `<${queue}.Arn>`, administrator])
      expect(denies(statements, by('sqs:ReceiveMessage', principal))).toBe(true);
  });

  it('gives its function no right to create, nor to any other item of the ledger', () => {
    const own = policiesOf(String(deployer), dev);
    expect(allows(own, item('UpdateItem', `${name}#deployment#1`))).toBe(true);
    for (const other of ['request', 'name']) expect(allows(own, item('UpdateItem', `${name}#${other}#1`))).toBe(false);
    expect(allows(own, { action: 'sqs:SendMessage', resource })).toBe(false);
  });
});

describe('the role of request-status', () => {
  const statements = policiesOf(roleOf('RequestStatus'), dev);

  it('reads request items of the ledger, and allows no other action', () => {
    expect(actionsOf(statements)).toEqual(['dynamodb:GetItem', ...ofEveryFunction]);
    for (const { name } of endpoints) {
      expect(allows(statements, item('GetItem', `${name}#request#1`))).toBe(true);
      expect(allows(statements, item('GetItem', `${name}#name#1`))).toBe(false);
    }
    for (const { name } of deployed) expect(allows(statements, item('GetItem', `${name}#deployment#1`))).toBe(true);
  });
});

describe('the role of environment-lookup', () => {
  it("reads the stage's secret, and allows no other action", () => {
    const statements = policiesOf(roleOf('EnvironmentLookup', ownSecrets), ownSecrets);
    expect(actionsOf(statements).filter((action) => action !== 'kms:Decrypt')).toEqual([
      ...['secretsmanager:GetSecretValue', ...ofEveryFunction].toSorted(),
    ]);
    const read = (secret: string) => ({
      action: 'secretsmanager:GetSecretValue',
      resource: `arn:aws:secretsmanager:eu-west-1:<AWS::AccountId>:secret:pingone/${secret}-AbCdEf`,
    });
    expect(allows(statements, read('shared'))).toBe(true);
    for (const { name } of endpoints) expect(allows(statements, read(name))).toBe(false);
  });
});

describe('the roles of operators', () => {
  const [redrive = [], settle = [], stop = []] = operators.map((role) => policiesOf(role, dev));
  const functionArn = (id: string) =>
    `<${dev.service.named('AWS::Lambda::Function', new RegExp(`^${id}Function`)).id}.Arn>`;
  const mappingArn = (id: string) => {
    const mapping = dev.service.named('AWS::Lambda::EventSourceMapping', new RegExp(`^${id}Mapping`)).id;
    return `arn:aws:lambda:eu-west-1:<AWS::AccountId>:event-source-mapping:<${mapping}>`;
  };

  it('allow exactly the actions of the duty', () => {
    expect(actionsOf(redrive)).toEqual([
      'cloudformation:DescribeStacks',
      'sqs:CancelMessageMoveTask',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ListMessageMoveTasks',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'sqs:StartMessageMoveTask',
    ]);
    expect(actionsOf(settle)).toEqual([
      'cloudformation:DescribeStacks',
      'dynamodb:GetItem',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ]);
    expect(actionsOf(stop)).toEqual([
      'cloudformation:DescribeStacks',
      'lambda:DeleteFunctionConcurrency',
      'lambda:GetEventSourceMapping',
      'lambda:GetFunctionConcurrency',
      'lambda:PutFunctionConcurrency',
      'lambda:UpdateEventSourceMapping',
    ]);
  });

  it.each([
    ['redrive', redrive, 'pingone-provisioner-dev'],
    ['settle', settle, 'pingone-provisioner-dev-state'],
    ['stop', stop, 'pingone-provisioner-dev'],
  ])('have no wildcard resource except, for %s, the id of its stack', (_, statements, stack) => {
    const resources = statements.flatMap((statement) => statement.resources);
    expect(resources.filter((resource) => /[*?]/.test(resource))).toEqual([
      `arn:aws:cloudformation:eu-west-1:<AWS::AccountId>:stack/${stack}/*`,
    ]);
  });

  it.each(endpoints)('reach the queues, the ledger and the functions of $name, and no others', ({ name }) => {
    const id = pascalCase(name);
    const [queue, deadLetters, undelivered] = ['Queue', 'DeadLetters', 'Undelivered'].map((part) =>
      queueOf(`${id}Requests${part}`),
    );
    const may = (statements: readonly Statement[], action: string, resource = '', context = {}) =>
      allows(statements, { action, resource, context });
    expect(may(redrive, 'sqs:SendMessage', queue)).toBe(true);
    expect(may(redrive, 'sqs:ReceiveMessage', queue)).toBe(false);
    expect(may(redrive, 'sqs:StartMessageMoveTask', deadLetters)).toBe(true);
    expect(may(redrive, 'sqs:SendMessage', deadLetters)).toBe(false);
    expect(may(redrive, 'sqs:ReceiveMessage', undelivered)).toBe(true);
    expect(may(redrive, 'sqs:StartMessageMoveTask', undelivered)).toBe(false);

    for (const action of ['GetItem', 'UpdateItem']) {
      expect(allows(settle, item(action, `${name}#request#1`))).toBe(true);
      expect(allows(settle, item(action, `${name}-too#request#1`))).toBe(false);
    }
    expect(may(settle, 'dynamodb:DeleteItem', table)).toBe(false);

    const ofFunction = { 'lambda:FunctionArn': functionArn(`${id}Queue`) };
    expect(may(stop, 'lambda:UpdateEventSourceMapping', mappingArn(id), ofFunction)).toBe(true);
    expect(
      may(stop, 'lambda:UpdateEventSourceMapping', mappingArn(id), { 'lambda:FunctionArn': functionArn(`${id}Http`) }),
    ).toBe(false);
    expect(may(stop, 'lambda:PutFunctionConcurrency', functionArn(`${id}Http`))).toBe(true);
    expect(may(stop, 'lambda:InvokeFunction', functionArn(`${id}Http`))).toBe(false);
  });

  it('reach a customer key only through the service of their duty', () => {
    const [queues, ledger] = ['Redrive', 'Settle'].map((duty) => policiesOf(operatorOf(duty, ownSecrets), ownSecrets));
    const queueKey = `<${ownSecrets.service.named('AWS::KMS::Key', /^QueueKey/).id}.Arn>`;
    const ledgerKey = `<${ownSecrets.state.named('AWS::KMS::Key', /./).id}.Arn>`;
    const decrypt = (resource: string, service: string) => ({
      action: 'kms:Decrypt',
      resource,
      context: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` },
    });
    expect(allows(queues ?? [], decrypt(queueKey, 'sqs'))).toBe(true);
    expect(allows(queues ?? [], decrypt(ledgerKey, 'dynamodb'))).toBe(false);
    expect(allows(ledger ?? [], decrypt(ledgerKey, 'dynamodb'))).toBe(true);
    expect(allows(ledger ?? [], decrypt(queueKey, 'sqs'))).toBe(false);
    expect(
      actionsOf(policiesOf(operatorOf('Stop', ownSecrets), ownSecrets)).filter((one) => one.startsWith('kms')),
    ).toEqual([]);
  });

  it('are assumed by the principals that the stage names for each, with MFA if it requires that', () => {
    const trustOf = (duty: string, of = dev) =>
      of.service.named('AWS::IAM::Role', new RegExp(`^Operators${duty}[\\dA-F]{8}$`)).properties
        .AssumeRolePolicyDocument.Statement;
    const user = (name: string) => `arn:aws:iam::${account}:user/${name}`;
    const operators = { redrive: [user('ada'), user('bob')], settle: [user('ada')], stop: [user('eve')], mfa: true };
    const own = synthesise('dev', { ...settingsOf('dev'), operators });
    const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    const trusted = (principal: unknown, more = {}) => ({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: principal },
      ...more,
    });
    expect(trustOf('Redrive', own)).toEqual([trusted([user('ada'), user('bob')], { Condition: withMfa })]);
    expect(trustOf('Settle', own)).toEqual([trusted(user('ada'), { Condition: withMfa })]);
    expect(trustOf('Stop', own)).toEqual([trusted(user('eve'), { Condition: withMfa })]);
    expect(trustOf('Stop')).toEqual([trusted(settingsOf('dev').operators?.stop[0])]);
  });

  it('are assumed by the account’s own principals, as its administrators allow, if the stage names none', () => {
    const { service } = synthesise('dev', { ...settingsOf('dev'), operators: undefined });
    for (const duty of ['Redrive', 'Settle', 'Stop']) {
      const { properties } = service.named('AWS::IAM::Role', new RegExp(`^Operators${duty}`));
      const [{ Principal, ...statement }] = properties.AssumeRolePolicyDocument.Statement;
      expect(statement).toEqual({ Action: 'sts:AssumeRole', Effect: 'Allow' });
      expect(JSON.stringify(Principal)).toMatch(/AWS::AccountId"},":root"/);
    }
  });
});

describe('the role of the function that counts open requests', () => {
  const statements = policiesOf(roleOf('OpenRequestsCount'), dev);

  it('scans the ledger, and allows no other action', () => {
    expect(actionsOf(statements)).toEqual(['dynamodb:Scan', ...ofEveryFunction]);
    expect(allows(statements, { action: 'dynamodb:Scan', resource: table })).toBe(true);
    expect(allows(statements, { action: 'dynamodb:Scan', resource: `${table}/index/any` })).toBe(false);
    expect(allows(statements, item('GetItem', 'any'))).toBe(false);
  });
});

describe.each([
  ['dev', dev],
  ['prod', prod],
])('the functions of %s', (_, of) => {
  const { service } = of;
  const permissions = service.ofType('AWS::Lambda::Permission').map(({ properties }) => ({
    invoked: flat(properties.FunctionName, of),
    by: properties.Principal,
    from: flat(properties.SourceArn ?? 'anywhere', of).replace(/^arn:[^*]*:execute-api:[^*]*:(?=<)/, ''),
  }));
  const isGauge = ({ invoked }: { invoked: string }) => invoked.startsWith('<OpenRequestsCount');

  const isDeployment = (routeKey: string) =>
    deployed.some(({ deployment }) => routeKey.endsWith(`/v1${deployment?.path}`));
  const hasSeveral = (routeKey: string) =>
    routeKey.endsWith(otherPaths) ||
    routeKey.includes('/v1/webhooks/') ||
    /^GET \/v1\/environments\/[^/]+\/./.test(routeKey) ||
    isDeployment(routeKey);

  it('are invoked only by API Gateway, each by its own route', () => {
    const api = service.named('AWS::ApiGatewayV2::Api', /./).id;
    const functionOf = new Map(
      service
        .ofType('AWS::ApiGatewayV2::Integration')
        .map(({ id, properties }) => [`integrations/<${id}>`, flat(properties.IntegrationUri, of)]),
    );
    const routes = service.ofType('AWS::ApiGatewayV2::Route').map(({ properties: { RouteKey, Target } }) => ({
      invoked: functionOf.get(flat(Target, of)),
      by: 'apigateway.amazonaws.com',
      // A function with several routes has one permission for all of them.
      from: `<${api}>/*/*${hasSeveral(RouteKey) ? '/*' : RouteKey.replace(/^[A-Z]+ /, '')}`,
    }));
    const ofRoutes = permissions.filter((permission) => !isGauge(permission));
    // Two more for webhooks: the example's source, and other names.
    expect(routes).toHaveLength(3 * endpoints.length + 2 * deployed.length + 2 + otherMethods.length + 2);
    expect(ofRoutes).toEqual(expect.arrayContaining(routes));
    expect(routes).toEqual(expect.arrayContaining(ofRoutes));
  });

  it('count open requests only by their own schedule, at most hourly', () => {
    const schedule = service.named('AWS::Events::Rule', /^OpenRequests/);
    expect(schedule.properties.ScheduleExpression).toBe('rate(1 hour)');
    expect(permissions.filter(isGauge)).toEqual([
      { invoked: expect.any(String), by: 'events.amazonaws.com', from: `<${schedule.id}.Arn>` },
    ]);
  });

  it('have no URL of their own, and no role of the gateway may invoke them', () => {
    expect(service.ofType('AWS::Lambda::Url')).toEqual([]);
    const statements = service
      .ofType('AWS::IAM::Policy')
      .flatMap(({ properties }) => statementsOf(properties.PolicyDocument, of));
    for (const { properties } of service.ofType('AWS::Lambda::Permission')) {
      const resource = flat(properties.FunctionName, of);
      expect(allows(statements, { action: 'lambda:InvokeFunction', resource })).toBe(false);
      expect(allows(statements, { action: 'lambda:UpdateFunctionCode', resource })).toBe(false);
    }
  });
});

describe('the role of an IAM caller', () => {
  const api = `<${dev.service.named('AWS::ApiGatewayV2::Api', /./).id}>`;
  const invoke = (path: string) => ({
    action: 'execute-api:Invoke',
    resource: `arn:aws:execute-api:eu-west-1:<AWS::AccountId>:${api}/$default/${path}`,
  });
  const environment = 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6';
  const apiServer = 'a82aa1c1-1a8e-4b6e-a43e-2266ebd57626';
  const deliveries = policiesOf(dev.service.named('AWS::IAM::Role', /^DeliveriesCaller/).id, dev);

  it('may call its endpoints in its environments, and read the status of requests', () => {
    expect(allows(deliveries, invoke(`POST/v1/environments/${environment}/apiServers/${apiServer}/operations`))).toBe(
      true,
    );
    expect(allows(deliveries, invoke(`GET/v1/environments/${environment}`))).toBe(true);
    expect(allows(deliveries, invoke(`GET/v1/requests/${'0'.repeat(64)}`))).toBe(true);
  });

  it.each([
    ['another environment', `POST/v1/environments/${apiServer}/apiServers/${apiServer}/operations`],
    ['another endpoint', `POST/v1/environments/${environment}/connectorInstances`],
    ['another method', `GET/v1/environments/${environment}/apiServers/${apiServer}/operations`],
    ['another environment itself', `GET/v1/environments/${apiServer}`],
    ['anything else', 'POST/v1/anything'],
  ])('may not call %s', (_, path) => {
    expect(allows(deliveries, invoke(path))).toBe(false);
  });

  it('may read where its grants have the action read, and only there', () => {
    const { grants } = stageOf('dev');
    const callers = grants.callers.map((caller) => ({
      ...caller,
      grants: caller.grants.map((grant) => ({ ...grant, actions: ['read'] })),
    }));
    const file = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
    writeFileSync(file, JSON.stringify({ ...grants, callers }));
    const reading = synthesise('dev', { ...settingsOf('dev'), grants: file });
    const { id } = reading.service.named('AWS::IAM::Role', /^DeliveriesCaller/);
    const statements = policiesOf(id, reading);
    const operations = `v1/environments/${environment}/apiServers/${apiServer}/operations`;
    expect(allows(statements, invoke(`GET/${operations}`))).toBe(true);
    expect(allows(statements, invoke(`GET/${operations}/1`))).toBe(true);
    expect(allows(statements, invoke(`POST/${operations}`))).toBe(false);
    expect(allows(statements, invoke(`GET/v1/environments/${environment}/connectorInstances`))).toBe(false);
  });

  it('is assumed only by one OIDC subject or one account', () => {
    const trust = (role: RegExp) =>
      dev.service.named('AWS::IAM::Role', role).properties.AssumeRolePolicyDocument.Statement;
    expect(trust(/^DeliveriesCaller/)).toEqual([
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Effect: 'Allow',
        Principal: expect.anything(),
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:example/deliveries:ref:refs/heads/main',
          },
        },
      },
    ]);
    expect(trust(/^PlatformCaller/)).toMatchObject([{ Action: 'sts:AssumeRole', Effect: 'Allow' }]);
  });

  it('does not exist for a JWT caller', () => {
    expect(prod.service.ofType('AWS::IAM::Role').filter(({ id }) => /Caller/.test(id))).toEqual([]);
  });
});

describe('the policy of the bus', () => {
  const { properties } = prod.service.named('AWS::Events::EventBus', /./);
  const statements = statementsOf(properties.Policy, prod);
  const [resource = ''] = statements[0]?.resources ?? [];
  const put = (source: string, context: Record<string, string>) => ({
    action: 'events:PutEvents',
    resource,
    context: { 'events:source': [source], ...context },
  });
  const of = (from: string) => ({ 'aws:PrincipalAccount': from, 'aws:PrincipalArn': `arn:aws:iam::${from}:role/Any` });

  it('applies to this bus', () => {
    expect(resource).toMatch(new RegExp(`:event-bus/${properties.Name}$`));
  });

  it('accepts a source from its own sender and from no other account', () => {
    expect(allows(statements, put('com.example.payments', of('444455556666')))).toBe(true);
    expect(denies(statements, put('com.example.payments', of('111122223333')))).toBe(true);
    expect(denies(statements, put('com.example.platform', of('444455556666')))).toBe(true);
    expect(denies(statements, put('com.example.platform', of('111122223333')))).toBe(false);
  });

  it('accepts outcomes only from queue functions, even within the account', () => {
    expect(denies(statements, put(eventSources.outcome, of('111122223333')))).toBe(true);
    for (const { name } of endpoints) {
      const role = (door: string) => `<${roleOf(`${pascalCase(name)}${door}`, prod)}.Arn>`;
      const as = (door: string) => ({ 'aws:PrincipalAccount': '111122223333', 'aws:PrincipalArn': role(door) });
      expect(denies(statements, put(eventSources.outcome, as('Queue')))).toBe(false);
      expect(denies(statements, put(eventSources.outcome, as('Http')))).toBe(true);
    }
  });

  it.each(['pingone.provisioner.accepted', 'com.example.unknown'])('accepts the source %s from no sender', (source) => {
    expect(denies(statements, put(source, of('111122223333')))).toBe(true);
  });

  it('accepts no entry with another source next to a valid entry', () => {
    const mixed = {
      ...put('', of('444455556666')),
      context: { ...of('444455556666'), 'events:source': ['com.example.payments', eventSources.outcome] },
    };
    expect(denies(statements, mixed)).toBe(true);
  });
});
