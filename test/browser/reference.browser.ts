import { describe, expect, it } from 'vitest';
import { startGateway } from '../../infra/local/gateway/gateway.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { setFaults } from '../harness/front-door.ts';
import { axeViolations } from './axe.ts';
import { openPage, overflow, type View } from './browser.ts';
import { browser, gateway, useGatewayAndBrowser } from './suite.ts';

useGatewayAndBrowser();

const open = async (view: View = {}) => {
  const opened = await openPage(browser, gateway.url, view);
  await opened.page.goto('/docs');
  const operationOf = (summary: string) => {
    const section = opened.page.getByRole('region', { name: summary });
    const answer = section.locator('.answer');
    return {
      section,
      answer,
      key: section.getByLabel('Idempotency-Key'),
      execute: async () => {
        await section.getByRole('button', { name: 'Execute' }).click();
        await answer.locator('.outcome').waitFor();
        return answer.innerText();
      },
    };
  };
  return { ...opened, operationOf };
};

describe('the reference page', () => {
  it.each(endpoints)('executes $name with a new key each time', async ({ summary, example }) => {
    const { complaints, operationOf } = await open();
    const { key, answer, execute, section } = operationOf(summary);
    const first = await key.inputValue();
    const created = await execute();
    for (const part of ['201', first, 'created', String(example.body.name)]) expect(created).toContain(part);
    expect(await key.inputValue()).not.toBe(first);
    await answer.getByRole('button', { name: 'Send again with the same key' }).click();
    await expect.poll(() => answer.innerText()).toMatch(/replayed/);
    expect(await answer.innerText()).toContain(first);
    expect(await section.locator('summary', { hasText: /^Errors$/ }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('signs and sends a webhook, which is repeated by its id and refused with another time', async () => {
    const { complaints, operationOf } = await open();
    const { execute, section } = operationOf('Request a resource by signed webhook');
    await section.getByText('More headers').click();
    await section.getByLabel('webhook-id').fill('from-the-page');
    const accepted = await execute();
    for (const part of ['202', '/v1/requests/']) expect(accepted).toContain(part);
    const location = /\/v1\/requests\/\w+/.exec(accepted)?.[0] ?? '?';
    expect(await execute()).toContain(location);
    await section.getByLabel('webhook-timestamp').fill('1700000000');
    await expect.poll(execute).toContain('401');
    expect(complaints.filter((each) => !each.includes('401'))).toEqual([]);
  });

  it('names each violation, and links to the remedy', async () => {
    const { page, complaints, operationOf } = await open();
    const { section, execute, answer } = operationOf(endpoint.summary);
    await section.getByLabel('Body').fill('{ "name": "x", "conector": {} }');
    expect(await execute()).toMatch(/400\s+INVALID_DATA[\s\S]*did you mean connector/);
    await answer.getByRole('link', { name: 'INVALID_DATA' }).click();
    await page.waitForURL(/ERRORS\.md#INVALID_DATA$/);
    expect(await page.locator('tr:has(:target)').innerText()).toContain('Correct each member');
    expect(complaints).toEqual([]);
  });

  it('sends with respond-async, and reads the status', async () => {
    const { complaints, operationOf } = await open();
    const { section, answer, execute } = operationOf(endpoint.summary);
    await section.getByLabel(/respond-async/).check();
    expect(await execute()).toContain('202');
    const [, id = ''] = /\/v1\/requests\/([0-9a-f]{64})/.exec(await answer.innerText()) ?? [];
    const status = operationOf('Read the status of a request');
    await status.section.getByLabel('id', { exact: true }).fill(id);
    expect(await status.execute()).toMatch(/200[\s\S]*"state": "(?:accepted|sending|created)"/);
    expect(complaints).toEqual([]);
  });

  it('shows the answer to a lost create, and what its retry gets', async () => {
    const { operationOf } = await open();
    const { section, answer, execute } = operationOf(endpoint.summary);
    await section.getByLabel('Body').fill('{ "name": "Lost", "connector": { "id": "httpConnector" } }');
    await setFaults(gateway, { create: 'createThenReset', list: 'listFails' });
    expect(await execute()).toContain('OUTCOME_UNKNOWN');
    await setFaults(gateway, {});
    await answer.getByRole('button', { name: 'Send again with the same key' }).click();
    await expect.poll(() => answer.innerText()).toContain('adopted');
  });

  it('warns that it creates in a real tenant, and fills in no example ids', async () => {
    const json = JSON.stringify({ clientId: 'a', clientSecret: 'b', environmentID: crypto.randomUUID(), region: 'EU' });
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none', secret: { json, source: 'x' } });
    const { page } = await openPage(browser, other.url);
    await page.goto('/docs');
    await page.getByText('Execute creates in your PingOne tenant.').waitFor();
    expect(await page.getByLabel('environmentID').first().inputValue()).toBe('');
    await other.close();
  });

  const views: View[] = [1440, 390].flatMap((width) => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ]);
  it.each(views)('fits and is accessible at $width, $colorScheme', async (view) => {
    const { page, complaints, operationOf } = await open(view);
    for (const section of await page.locator('main section').all())
      expect((await section.boundingBox())?.height).toBeLessThan(2_500);
    expect(await axeViolations(page)).toEqual([]);
    await operationOf(endpoint.summary).execute();
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
