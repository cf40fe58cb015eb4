import { describe, expect, it } from 'vitest';
import { settingsOf } from './examples.ts';
import { allows, type Statement, statementsOf } from './iam.ts';
import { flat, synthesise } from './synthesise.ts';

const account = '111122223333';
const overTls = { 'aws:SecureTransport': 'true' };

/** A stage with AWS's own keys, and one with a customer's. */
const stages = {
  dev: synthesise('dev', { ...settingsOf('dev'), account }),
  prod: synthesise('prod', { ...settingsOf('prod'), account }),
};

describe.each(Object.entries(stages))('the stage %s', (_, of) => {
  const { service, state } = of;

  /** The statements of a resource's policy: `QueuePolicy` of queues, `TopicPolicy` of topics. */
  const policyOf = (type: string, member: 'Queues' | 'Topics', id: string): Statement[] =>
    service
      .ofType(type)
      .filter(({ properties }) => properties[member].some(({ Ref }: { Ref: string }) => Ref === id))
      .flatMap(({ properties }) => statementsOf(properties.PolicyDocument, of));

  /** Whether an AWS service may encrypt with the key that a resource names, if it names one. */
  const mayEncrypt = (keyID: unknown, by: string, context: Record<string, string>): boolean => {
    if (keyID === undefined) return true;
    const keys = [...state.ofType('AWS::KMS::Key'), ...service.ofType('AWS::KMS::Key')];
    const key = keys.find(({ id }) => flat(keyID, of) === `<${id}.Arn>`);
    const statements = statementsOf(key?.properties.KeyPolicy, of);
    return ['kms:Decrypt', 'kms:GenerateDataKey'].every((action) =>
      allows(statements, { service: by, action, resource: flat(keyID, of), context }),
    );
  };

  const alarms = service.ofType('AWS::CloudWatch::Alarm');
  const topics = new Map(service.ofType('AWS::SNS::Topic').map((topic) => [`<${topic.id}>`, topic]));

  it.each([
    ['its own account', account, true],
    ['another account', '999999999999', false],
  ])('lets CloudWatch publish each alarm of %s: %s may use the topic and its key (%s)', (_, source, expected) => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const { properties } of alarms) {
      const [action, ...others] = properties.AlarmActions;
      const topic = topics.get(flat(action, of));
      if (!topic || others.length > 0) throw new Error('an alarm has not one topic of the stage');
      const context = { ...overTls, 'aws:SourceAccount': source };
      const published = {
        service: 'cloudwatch.amazonaws.com',
        action: 'sns:Publish',
        resource: `<${topic.id}>`,
        context,
      };
      const mayPublish = allows(policyOf('AWS::SNS::TopicPolicy', 'Topics', topic.id), published);
      const mayUseKey = mayEncrypt(topic.properties.KmsMasterKeyId, 'cloudwatch.amazonaws.com', context);
      expect(mayPublish && mayUseKey).toBe(expected);
    }
  });

  it('lets no other service publish to the alarm topic, and no identity without TLS', () => {
    for (const [resource, { id }] of topics) {
      const statements = policyOf('AWS::SNS::TopicPolicy', 'Topics', id);
      const context = { ...overTls, 'aws:SourceAccount': account };
      const published = { action: 'sns:Publish', resource, context };
      expect(allows(statements, { ...published, service: 'events.amazonaws.com' })).toBe(false);
      const plain = { 'aws:SecureTransport': 'false', 'aws:SourceAccount': account };
      expect(allows(statements, { ...published, service: 'cloudwatch.amazonaws.com', context: plain })).toBe(false);
    }
  });

  it('lets EventBridge deliver each rule’s events to its queue and its undelivered queue, with every context that KMS may see', () => {
    const rules = service.ofType('AWS::Events::Rule').filter(({ properties }) => properties.EventPattern);
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) {
      const [target] = rule.properties.Targets;
      for (const arn of [target.Arn, target.DeadLetterConfig.Arn].map((each) => flat(each, of))) {
        const queue = service.ofType('AWS::SQS::Queue').find(({ id }) => arn === `<${id}.Arn>`);
        if (!queue) throw new Error(`no queue is ${arn}`);
        const sent = {
          service: 'events.amazonaws.com',
          action: 'sqs:SendMessage',
          resource: arn,
          context: { ...overTls, 'aws:SourceArn': `<${rule.id}.Arn>` },
        };
        expect(allows(policyOf('AWS::SQS::QueuePolicy', 'Queues', queue.id), sent)).toBe(true);
        // AWS's pages disagree whether KMS gets the account: the policy must work without it.
        const { KmsMasterKeyId } = queue.properties;
        expect(mayEncrypt(KmsMasterKeyId, 'events.amazonaws.com', {})).toBe(true);
        expect(mayEncrypt(KmsMasterKeyId, 'events.amazonaws.com', { 'aws:SourceAccount': account })).toBe(true);
      }
    }
  });
});
