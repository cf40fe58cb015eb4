import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../../infra/local/gateway/gateway.ts';
import { postWebhook } from '../../../infra/local/start/webhook-command.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { bash, itWith } from '../../guides/program.ts';
import { payloadOf, postWebhook as post } from '../../harness/signed-webhook.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
});
afterAll(() => gateway.close());

describe.each(endpoints)('a webhook for $name', (endpoint) => {
  itWith(
    'bash',
    'curl',
    'openssl',
  )('is signed by the printed command, and is the same request each time', async () => {
    const run = async () => {
      const { stdout, stderr } = await bash(`set +u\n${postWebhook(gateway, endpoint)}`);
      expect(stdout, stderr).not.toBe('');
      return Object(JSON.parse(stdout));
    };
    const first = await run();
    expect(first).toMatchObject({ endpoint: endpoint.name, id: expect.stringMatching(/^[\da-f]{64}$/) });
    await expect.poll(async () => (await run()).state, { timeout: 10_000 }).toBe('created');
    expect((await run()).id).toBe(first.id);
  });

  it('is one row of the live page, with its repetitions, its steps and its outcome', async () => {
    const name = `Shown ${endpoint.name}`;
    const payload = payloadOf(endpoint, { body: { ...endpoint.example.body, name } });
    const rows = async () => {
      const views: unknown = await (await fetch(`${gateway.url}/local/requests`)).json();
      return [views]
        .flat()
        .map(Object)
        .filter((view) => view.name === name);
    };
    await post(gateway, payload, { id: name.replaceAll(' ', '-') });
    await expect.poll(async () => (await rows())[0]?.outcome, { timeout: 10_000 }).toBe('created');
    await post(gateway, payload, { id: name.replaceAll(' ', '-') });
    await expect.poll(async () => (await rows())[0]?.outcome, { timeout: 10_000 }).toBe('replayed');
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ door: 'Webhook', operation: endpoint.name, caller: 'local', attempts: 4 });
    const texts: string[] = row.timeline.map(({ text }: { text: string }) => text);
    expect(texts.filter((text) => text === 'Received as a webhook')).toHaveLength(2);
    expect(texts).toEqual(expect.arrayContaining(['Answered 202', expect.stringContaining('creates sent: 1')]));
  });
});

it('shows a refused webhook as a row of its own with the state denied', async () => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  await post(gateway, payloadOf(endpoint, { body: { ...endpoint.example.body, name: 'Forged' } }), { id: 'a.b' });
  const row = async () => {
    const views: unknown = await (await fetch(`${gateway.url}/local/requests`)).json();
    return [views]
      .flat()
      .map(Object)
      .find((view) => view.name === 'Forged');
  };
  const reason = expect.objectContaining({ text: 'Refused the webhook: invalid-id' });
  await expect.poll(async () => (await row()).timeline).toContainEqual(reason);
  expect(await row()).toMatchObject({ door: 'Webhook', outcome: 'denied', operation: endpoint.name });
});
