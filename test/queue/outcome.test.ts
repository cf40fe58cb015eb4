import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { Problem } from '../../lib/problems.ts';
import { outboxOf } from '../../lib/queue/outbox.ts';
import { created, failed, outcomeType } from '../../lib/queue/outcome.ts';
import { putOn } from '../../lib/queue/publish.ts';
import { queuesAt } from '../../lib/queue/queues.ts';
import { endpoint as deployable } from '../harness/deployable-endpoint.ts';
import { virtualClock } from '../harness/virtual-clock.ts';

const subject = {
  arrivalID: 'a',
  parameters: {},
  requestedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:01Z',
};
const violations = [
  { code: 'INVALID_VALUE', message: 'No.', pointer: '/body/name' },
  { code: 'INVALID_PARAMETER', message: 'No.', pointer: '/body/secret' },
  { code: 'INVALID_VALUE', message: 'No.' },
];

describe('an outcome', () => {
  it('has the type of its request event, and one of a deployment that of what it deploys', () => {
    expect(outcomeType(endpoint, 'Created')).toBe('ConnectorInstanceCreated');
    expect(outcomeType(deployable, 'Rejected')).toBe('ApiServerOperationRejected');
    expect(outcomeType(deployable, 'Deployed')).toBe('ApiServiceDeployed');
  });

  it("points to each invalid member, but to no name of the sender's own", () => {
    expect(failed(subject, 'Rejected', new Problem('INVALID_DATA', 'No.', { violations }))).toMatchObject({
      status: 400,
      codes: ['INVALID_VALUE', 'INVALID_PARAMETER'],
      pointers: ['/body/name'],
    });
  });

  it('has no pointers if PingOne refused', () => {
    const problem = new Problem('PINGONE_REFUSED', 'No.', { status: 400, violations });
    expect(failed(subject, 'Rejected', problem).pointers).toEqual([]);
  });

  it.each([
    [{ _links: { self: { href: '/self' }, odd: { href: 7 }, none: null } }, { self: '/self' }],
    [{ _links: 'self' }, {}],
    [{}, {}],
  ])('has each readable link of %j', (resource, links) => {
    const { resource: told } = created(subject, { how: 'created', id: 'i', text: JSON.stringify(resource) });
    expect(told).toEqual({ id: 'i', links });
  });
});

/** An AWS client that records its commands, and answers in turn. */
const clientOf = <Client extends object>(prototype: Client, answers: readonly unknown[] = []) => {
  const left = [...answers];
  const sent: Readonly<Record<string, unknown>>[] = [];
  const send = async ({ input }: { readonly input: Readonly<Record<string, unknown>> }) => {
    sent.push(input);
    return left.shift() ?? {};
  };
  const client: Client = Object.assign(Object.create(prototype), { send });
  return { client, sent };
};

describe('the bus', () => {
  const done = { FailedEntryCount: 0 };
  const not = { FailedEntryCount: 1 };

  it.each([
    [[done], 1, 0],
    [[not, done], 2, 100],
    [[not, not, done], 3, 300],
  ])('that answers %j is called %i times, in %i ms', async (answers, times, ms) => {
    const { client, sent } = clientOf(EventBridgeClient.prototype, answers);
    const clock = virtualClock(0);
    await outboxOf(putOn(client, 'bus', clock), clock)(1)((publish) =>
      publish(endpoint, 'Created', { id: 'a' }, 10_000),
    );
    expect([sent.length, clock.now()]).toEqual([times, ms]);
  });

  it('that refuses an outcome three times makes the publish fail', async () => {
    const { client, sent } = clientOf(EventBridgeClient.prototype, [not, not, not, done]);
    const clock = virtualClock(0);
    const withPublish = outboxOf(putOn(client, 'bus', clock), clock)(1);
    const published = withPublish((publish) => publish(endpoint, 'Created', {}, 10_000));
    await expect(published).rejects.toThrow('refused the outcome 3 times');
    expect(sent).toHaveLength(3);
  });
});

describe('the queues', () => {
  const start = () => {
    const { client, sent } = clientOf(SQSClient.prototype);
    return { queues: queuesAt(client, 'queue', 'dead', virtualClock(0)), sent };
  };
  const recordOf = (body: string): SQSRecord => Object({ messageId: 'm', receiptHandle: 'r', body });

  it.each([
    [1, 1],
    [1_001, 2],
    [1e9, 43_140],
  ])('postpone a message by %i ms to %i s', async (milliseconds, seconds) => {
    const { queues, sent } = start();
    await queues.postpone(recordOf('{}'), milliseconds, 10_000);
    expect(sent).toEqual([{ QueueUrl: 'queue', ReceiptHandle: 'r', VisibilityTimeout: seconds }]);
  });

  /** Bytes of the names, types and values of the three attributes below. */
  const bytesBeside = 'ReasonCodeOriginalMessageId'.length + 3 * 'String'.length + 'whycodem'.length;

  it.each([
    [1_048_576 - bytesBeside, true],
    [1_048_576 - bytesBeside + 1, false],
  ])('have the reason in a dead letter of %i bytes: %s', async (bytes, says) => {
    const { queues, sent } = start();
    await queues.deadLetter(recordOf('x'.repeat(bytes)), 'why', 'code', 10_000);
    expect(sent).toMatchObject([{ QueueUrl: 'dead' }]);
    expect(sent[0]?.MessageAttributes).toEqual(
      says
        ? {
            Reason: { DataType: 'String', StringValue: 'why' },
            Code: { DataType: 'String', StringValue: 'code' },
            OriginalMessageId: { DataType: 'String', StringValue: 'm' },
          }
        : undefined,
    );
  });
});
