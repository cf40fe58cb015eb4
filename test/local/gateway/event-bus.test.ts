import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../infra/local/aws/event-bridge/event.ts';
import { type Gateway, startGateway } from '../../../infra/local/gateway/gateway.ts';
import { localSource } from '../../../infra/local/gateway/local-grants.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { settingsFor } from '../../harness/aws-settings.ts';
import { collectionOf } from '../../harness/front-door.ts';

let gateway: Gateway;
let client: EventBridgeClient;
const outcomes: BusEvent[] = [];

beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, onOutcome: (event) => outcomes.push(event), onLog: () => {} });
  client = new EventBridgeClient(settingsFor(gateway.awsEndpoint));
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
});

const put = async (DetailType: string, detail: object, Source = localSource) => {
  const entry = { EventBusName: 'pingone-provisioner', Source, DetailType, Detail: JSON.stringify(detail) };
  const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries?.[0]?.EventId ?? '';
};

describe.each(endpoints)('the event bus on this machine, for $name', (endpoint) => {
  const { name, event, example } = endpoint;

  it('creates the resource of an event, and publishes its outcome', async () => {
    const id = await put(event, { version: '1', ...example.parameters, body: example.body });
    const outcome = () => outcomes.find(({ detail }) => detail.sourceEventID === id);
    await expect.poll(outcome, { timeout: 10_000 }).toMatchObject({
      source: 'pingone.provisioner',
      'detail-type': event.replace('Requested', 'Created'),
    });
    const [made] = gateway.sandbox.resources(collectionOf(endpoint));
    expect(outcome()?.detail).toMatchObject({ resource: { id: made?.id } });
    await expect.poll(() => gateway.queues.get(name)?.queue.messages()).toEqual([]);
  });

  it('delivers no outcome to the queue', async () => {
    await put(event, {}, 'pingone.provisioner');
    expect(gateway.queues.get(name)?.queue.messages()).toEqual([]);
  });

  it('moves an unreadable message to the dead letters', async () => {
    const queues = gateway.queues.get(name);
    queues?.queue.send({ body: 'not JSON' });
    await expect
      .poll(() => queues?.deadLetters.messages(), { timeout: 10_000 })
      .toMatchObject([{ body: 'not JSON', attributes: { Code: { StringValue: 'NOT_JSON' } } }]);
    await expect.poll(() => queues?.queue.messages()).toEqual([]);
  });
});
