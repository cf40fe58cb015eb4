import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { addPendingDeploymentWith } from '../../lib/deploy/pending-deployment.ts';
import { readPendingDeployment } from '../../lib/deploy/pending-deployment-message.ts';
import { serviceOf } from '../../lib/deploy/service.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { endpoint } from '../harness/deployable-endpoint.ts';
import { itemTable } from '../harness/dynamodb/item-table.ts';
import { manualClock } from '../harness/manual-clock.ts';

const { parameters } = endpoint.example;
const pending = { requestID: 'r', caller: 'alice', parameters, resource: 'i' };

const adding = (send: () => Promise<object>, queueUrl?: string) => {
  const { clock } = manualClock();
  const inputs: SendMessageCommand['input'][] = [];
  const sqs: SQSClient = Object.assign(Object.create(SQSClient.prototype), {
    send: ({ input }: SendMessageCommand) => {
      inputs.push(input);
      return send();
    },
  });
  const table = itemTable(new Map());
  const pendingDeployments = () => openPendingDeployments(table, endpoint.name);
  const add = addPendingDeploymentWith({ endpoint, pendingDeployments, sqs, queueUrl, delayMs: 14_500, clock });
  return { add: add && (() => add(pending, clock.now() + 1_000)), inputs };
};

describe('a pending deployment', () => {
  it('is counted, and sent with its number after the delay', async () => {
    const { add, inputs } = adding(async () => ({}), 'queue');
    expect([await add?.(), await add?.()]).toEqual([1, 2]);
    expect(inputs).toMatchObject([
      { QueueUrl: 'queue', DelaySeconds: 15 },
      { QueueUrl: 'queue', DelaySeconds: 15 },
    ]);
    const source = expect.any(String);
    expect(inputs.map(({ MessageBody = '' }) => readPendingDeployment(MessageBody))).toEqual(
      [1, 2].map((number) => ({ source, number, ...pending })),
    );
  });

  it('fails if its message cannot be sent', async () => {
    const { add } = adding(() => Promise.reject(new Error('no queue')), 'queue');
    await expect(add?.()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });

  it('exists only for an endpoint with a queue for deployments', () => {
    expect(adding(async () => ({})).add).toBeUndefined();
    const { deployment: _, ...without } = endpoint;
    expect(() => serviceOf(without, parameters)).toThrow(`${endpoint.name} needs no deployment`);
  });
});
