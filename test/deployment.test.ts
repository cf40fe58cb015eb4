import { fileURLToPath } from 'node:url';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { isRecord, parseJson } from '../infra/local/loopback/json.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { synthesise } from './aws/synthesise.ts';
import { settingsFor } from './harness/aws-settings.ts';
import { call } from './harness/front-door.ts';

const handler = fileURLToPath(new URL('./local/lambda/handlers/limits.ts', import.meta.url));
const { service } = synthesise('dev');
const logged: unknown[] = [];
let gateway: Gateway;

beforeAll(async () => {
  const onLog = (line: string) => {
    const entry = parseJson(line);
    if (isRecord(entry) && isRecord(entry.message)) logged.push(entry.message.limits);
  };
  gateway = await startGateway({ port: 0, awsPort: 0, build: async () => handler, onLog });
});

afterAll(() => gateway.close());

/** The limits of the deployed function with a description. */
const deployed = (description: string) => {
  const found = service
    .ofType('AWS::Lambda::Function')
    .find(({ properties }) => properties.Description === description);
  return { timeoutSeconds: found?.properties.Timeout, memoryMB: found?.properties.MemorySize };
};

/** The remaining time equals the time-out only if the machine answers within a second. */
const patient = { timeout: 20_000, interval: 100 };

describe.each(endpoints)('the local run gives $name', (endpoint) => {
  const { name, summary } = endpoint;

  it('over HTTP the time-out and memory of the deployment', async () => {
    const limits = async () => (await call(gateway, endpoint)).json;
    await expect.poll(limits, patient).toEqual(deployed(`${summary}: over HTTP`));
  });

  it('from its queue the time-out and memory of the deployment', async () => {
    logged.length = 0;
    const limits = () => {
      gateway.queues.get(name)?.queue.send({ body: 'a message' });
      return logged;
    };
    await expect.poll(limits, patient).toContainEqual(deployed(`${summary}: from its queue`));
  });

  it('a queue with the visibility timeout and the receives of the deployment', async () => {
    const sqs = new SQSClient(settingsFor(gateway.awsEndpoint));
    const command = { QueueUrl: gateway.queues.get(name)?.queue.url, AttributeNames: ['All' as const] };
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand(command));
    const { VisibilityTimeout, RedrivePolicy } =
      service.ofType('AWS::SQS::Queue').find(({ properties }) => String(properties.QueueName).endsWith(name))
        ?.properties ?? {};
    expect(Attributes.VisibilityTimeout).toBe(String(VisibilityTimeout));
    expect(JSON.parse(Attributes.RedrivePolicy ?? '').maxReceiveCount).toBe(RedrivePolicy.maxReceiveCount);
  });
});

it('the local run gives request-status the time-out and memory of the deployment', async () => {
  const headers = { authorization: `Bearer ${gateway.accessToken}` };
  const limits = async () => (await fetch(`${gateway.apiPath}/requests/some`, { headers })).json();
  await expect.poll(limits, patient).toEqual(deployed('Returns the status of a request'));
});
