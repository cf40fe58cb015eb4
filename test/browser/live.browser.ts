import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../infra/local/gateway/gateway.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call, setFaults } from '../harness/front-door.ts';
import { axeViolations } from './axe.ts';
import { openPage, overflow, type View } from './browser.ts';
import { browser, gateway, useGatewayAndBrowser } from './suite.ts';

useGatewayAndBrowser();

beforeEach(() => setFaults(gateway, {}));

const open = async (view: View = {}, path = '/') => {
  const opened = await openPage(browser, gateway.url, view);
  await opened.page.goto(path);
  await opened.page.getByText('Connected', { exact: true }).waitFor();
  return opened;
};

let count = 0;
const newName = () => `Resource${++count}`;

/** A create of a name over HTTP. */
const create = (name: string, headers: Record<string, string> = {}) =>
  call(gateway, endpoint, {
    body: { ...endpoint.example.body, name },
    headers: { 'idempotency-key': crypto.randomUUID(), ...headers },
  });

const put = async (detail: object, entry: object = {}): Promise<void> => {
  const Entry = {
    EventBusName: 'pingone-provisioner',
    Source: 'com.example.catalogue',
    DetailType: endpoint.event,
    Detail: JSON.stringify({ version: '1', ...endpoint.example.parameters, ...detail }),
    ...entry,
  };
  await fetch(gateway.awsEndpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ Entries: [Entry] }),
  });
};

const named = (name: string) => ({ body: { ...endpoint.example.body, name } });

const rowOf = (page: Page, name: string): Locator => page.locator('tbody tr', { hasText: name });

/** Waits until a part of the page contains all of these texts. */
const says = async (part: Locator, ...texts: (string | RegExp)[]): Promise<void> => {
  for (const text of texts) await expect.poll(() => part.innerText(), { timeout: 30_000 }).toMatch(text);
};

/** Opens the detail of a request. */
const detailOf = async (page: Page, name: string): Promise<Locator> => {
  await rowOf(page, name).getByRole('link').click();
  return page.locator('#detail');
};

describe('the list', () => {
  it.each(endpoints)('shows a request that the page sent: $name', async ({ summary }) => {
    const { page, complaints } = await open();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Operation').selectOption(summary);
    const name = newName();
    const body = await dialog.getByLabel('Body').inputValue();
    await dialog.getByLabel('Body').fill(body.replace(/"name": "[^"]+"/, `"name": "${name}"`));
    await dialog.getByRole('button', { name: 'Send' }).click();
    await says(rowOf(page, name), 'Created', /\d m?s/);
    const detail = page.locator('#detail');
    await says(detail, name, 'Created', 'local', 'HTTP');
    await detail.getByRole('tab', { name: 'Timeline' }).click();
    await says(detail, 'Received over HTTP', 'a create leaves now', 'Answered the create with 201', 'Answered 201');
    await detail.getByRole('tab', { name: 'Ledger' }).click();
    await says(detail, /state\s+created/, /resource\s+\w+/);
    expect(complaints).toEqual([]);
  });

  it('finds, filters, pauses, exports and clears', async () => {
    const { page } = await open();
    const [made, refused, late] = [newName(), newName(), newName()];
    await create(made);
    await create(refused, { authorization: 'Bearer none' });
    await says(rowOf(page, refused), 'Denied');
    await page.getByRole('button', { name: /^Created \d+/ }).click();
    expect(await rowOf(page, refused).count()).toBe(0);
    await page.getByRole('button', { name: /^All \d+/ }).click();
    await page.keyboard.press('/');
    await page.keyboard.type(refused);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByLabel('Search requests').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    await create(late);
    await page.getByText('1 changed since the pause').waitFor();
    expect(await rowOf(page, late).count()).toBe(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await says(rowOf(page, late), 'Created');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Export').click()]);
    expect(download.suggestedFilename()).toBe('requests.json');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => rowOf(page, made).count()).toBe(0);
  });

  it('begins with a command to copy', async () => {
    await fetch(`${gateway.url}/local/requests`, { method: 'DELETE' });
    const { page } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('No request is kept.').waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(command).toMatch(/^curl '[^']+\/connectorInstances'/);
    expect(command).not.toContain('$TOKEN');
  });
});

describe('the shown state', () => {
  it('of a rejected event has every violation', async () => {
    const { page } = await open();
    const name = newName();
    await put({ body: { name, conector: {}, connector: { id: '' } } });
    await says(rowOf(page, name), 'Invalid', 'Event bus');
    const detail = await detailOf(page, name);
    await says(detail, 'connector.id must have at least 1 character', 'did you mean connector?');
    expect(await page.locator('[data-runs]').count()).toBe(0);
  });

  it('of an event on a wrong bus, or of a wrong type, is Not delivered', async () => {
    const { page } = await open();
    const [bus, type] = [newName(), newName()];
    await put(named(bus), { EventBusName: 'default' });
    await put(named(type), { DetailType: 'ConnectorInstanceRequest' });
    await says(rowOf(page, bus), 'Not delivered');
    await says(rowOf(page, type), 'Not delivered');
    await says(await detailOf(page, bus), 'Put it on the bus pingone-provisioner');
    await says(await detailOf(page, type), `Did you mean ${endpoint.event}?`);
  });

  it('of a request that reuses a key with another body is no success', async () => {
    const { page } = await open();
    const [first, second] = [newName(), newName()];
    const key = { 'idempotency-key': crypto.randomUUID() };
    await create(first, key);
    await create(second, key);
    await says(rowOf(page, second), 'Key reused');
    await says(rowOf(page, first), /Created(?!\s*×)/);
  });

  it("of the faults is the sandbox's, even if a script set it or a change failed", async () => {
    const { page } = await open();
    await setFaults(gateway, { create: 'createThenReset', rate: 0.5 });
    await page.getByText('Faults: createThenReset, 50 %').click();
    expect(await page.getByLabel('Nothing fails').isChecked()).toBe(false);
    await page.route('**/local/faults', (route) => route.abort());
    await page.getByLabel('Nothing fails').click();
    await page.getByText('nothing has changed').waitFor();
    expect(await page.getByLabel('Nothing fails').isChecked()).toBe(false);
    await page.getByText('Faults: createThenReset, 50 %').waitFor();
  });

  it('of a create that hangs is Sending', async () => {
    const { page } = await open();
    await setFaults(gateway, { create: 'createThenHang' });
    const name = newName();
    const answer = create(name);
    await says(rowOf(page, name), /Sending[\s\S]*1 s/);
    await says(rowOf(page, name), /Sending[\s\S]*2 s/);
    await setFaults(gateway, {});
    await answer;
    await says(rowOf(page, name), 'Adopted', /8\.\d s/);
  });

  it('of an open request stays, however many requests follow', async () => {
    const { page } = await open();
    await setFaults(gateway, { create: 'createThenReset', list: 'listLags' });
    const name = newName();
    await put(named(name));
    await says(rowOf(page, name), 'Unknown', /in \d+ s/);
    await setFaults(gateway, {});
    await Promise.all(
      Array.from({ length: 110 }, () => fetch(`${gateway.apiPath}/nothing`, { method: 'POST', body: '{}' })),
    );
    await page.getByText(/^10\d of \d+ kept/).waitFor();
    await says(rowOf(page, name), 'Unknown');
  });

  it('has the duration of the attempt, even after a status request', async () => {
    const { page } = await open();
    const name = newName();
    const { headers } = await create(name, { prefer: 'respond-async' });
    await says(rowOf(page, name), 'Created');
    const before = await rowOf(page, name).locator('.took').innerText();
    await page.waitForTimeout(1200);
    const location = new URL(headers.get('location') ?? '', gateway.url);
    const status = await fetch(location, { headers: { authorization: `Bearer ${gateway.accessToken}` } });
    expect(status.status).toBe(200);
    await page.waitForTimeout(300);
    expect(await rowOf(page, name).locator('.took').innerText()).toBe(before);
  });

  it('has no undefined value for an odd event on the bus', async () => {
    const { page } = await open();
    const name = newName();
    await put(named(name), { Source: 'pingone.provisioner', DetailType: 'ConnectorInstanceCreated' });
    await says(rowOf(page, name), 'Not delivered');
    await detailOf(page, name);
    expect(await page.locator('body').innerText()).not.toContain('undefined');
  });

  it('of a message that is no event is Dead letter', async () => {
    const { page } = await open();
    gateway.queues.get(endpoint.name)?.queue.send({ body: 'no JSON' });
    await says(page.locator('tbody tr').first(), 'Dead letter', 'Queue');
  });
});

describe('the detail view', () => {
  it('retries a lost request in its row', async () => {
    const { page, complaints } = await open();
    await setFaults(gateway, { create: 'createThenReset', list: 'listLags' });
    const name = newName();
    const { status } = await create(name);
    expect(status).toBe(504);
    await says(rowOf(page, name), 'Unknown');
    const detail = await detailOf(page, name);
    await says(detail, 'OUTCOME_UNKNOWN', /Retry\s+· may help in \d+ s/);
    await setFaults(gateway, {});
    await detail.getByRole('button', { name: /^Retry/ }).click();
    await says(rowOf(page, name), /Adopted\s+×2/);
    expect(await rowOf(page, name).count()).toBe(1);
    await says(page.locator('#news'), `${name}: Adopted`);
    expect(complaints).toEqual([]);
  });

  it('copies the command, and opens by its link', async () => {
    const { page } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const name = newName();
    const body = { ...endpoint.example.body, name, properties: { password: { value: 'very-secret-value' } } };
    await call(gateway, endpoint, { body, headers: { 'idempotency-key': crypto.randomUUID() } });
    const detail = await detailOf(page, name);
    await says(detail, 'Bearer ••••••', '"value": "••••••"');
    await detail.getByRole('button', { name: 'Copy as curl' }).click();
    await detail.getByText('Copied').waitFor();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(command).toMatch(/^curl --request POST/);
    expect(command).not.toContain('very-secret-value');
    const later = await open({}, new URL(page.url()).hash.replace(/^/, '/'));
    await says(later.page.locator('#detail'), name);
    await later.page.getByRole('button', { name: 'Close' }).click();
    expect(await later.page.locator('#detail').isVisible()).toBe(false);
    await later.page.goto('/#request-gone');
    await later.page.getByText('This request is not kept').waitFor();
  });

  it('replaces the list on a phone', async () => {
    const { page } = await open({ width: 390 });
    const name = newName();
    await create(name);
    const detail = await detailOf(page, name);
    await says(detail, name);
    expect(await rowOf(page, name).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await rowOf(page, name).isVisible()).toBe(true);
  });
});

describe('the page', () => {
  it('shows that the gateway is gone, and then the state of its successor', async () => {
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none' });
    const { page } = await openPage(browser, other.url);
    await page.goto('/');
    await page.getByText('Faults: none').waitFor();
    const { port } = new URL(other.url);
    await other.close();
    await page.getByText('The gateway does not answer').waitFor();
    await page.getByText('Faults: not known').waitFor();
    const next = await startGateway({
      port: Number(port),
      awsPort: 0,
      build: async () => 'none',
      faults: { create: 'createThenHang', list: null, deploy: null, rate: 1, seed: 1 },
    });
    await page.getByText('Faults: createThenHang').waitFor();
    expect(await page.getByText('The gateway does not answer').isVisible()).toBe(false);
    await next.close();
  });

  it('sends nothing if a real PingOne is behind the gateway', async () => {
    const json = JSON.stringify({ clientId: 'a', clientSecret: 'b', environmentID: crypto.randomUUID(), region: 'EU' });
    const secret = { json, source: 'a file' };
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none', secret });
    const { page, complaints } = await openPage(browser, other.url);
    await page.goto('/');
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Send' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Faults' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await other.close();
  });

  it('can be used by keyboard alone', async () => {
    const { page, complaints } = await open();
    const name = newName();
    await setFaults(gateway, { create: 'refuse' });
    await create(name);
    await setFaults(gateway, {});
    await says(rowOf(page, name), /Rejected|Failed/);
    const focused = () => page.evaluate<string>('document.activeElement.textContent || document.activeElement.id');
    const tabTo = async (text: string) => {
      for (let tabs = 0; tabs < 40; tabs++) {
        await page.keyboard.press('Tab');
        if ((await focused()).startsWith(text)) return;
      }
      throw new Error(`no way to ${text}`);
    };
    await tabTo(name);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(name);
    await page.keyboard.press('Enter');
    await says(page.locator('#detail'), name, /PINGONE_\w+/);
    await tabTo('Retry');
    await page.keyboard.press('Enter');
    await says(page.locator('#detail'), /Created\s+×2/);
    await tabTo('Request');
    await page.keyboard.press('ArrowRight');
    await says(page.locator('#panel'), 'HTTP 201');
    await page.keyboard.press('Escape');
    expect(await page.locator('#detail').isVisible()).toBe(false);
    expect(await focused()).toBe(name);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('is accessible while it is empty, %s', async (colorScheme) => {
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none' });
    const { page } = await openPage(browser, other.url, { width: 390, colorScheme });
    await page.goto('/');
    await page.locator('#none').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await other.close();
  });

  const views: View[] = [1280, 390].flatMap((width) => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ]);
  it.each(views)('fits and is accessible at $width, $colorScheme', async (view) => {
    const { page, complaints } = await open(view);
    const name = newName();
    await put({ body: { name, connector: {} } });
    await says(rowOf(page, name), 'Invalid');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: /^Faults/ }).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const detail = await detailOf(page, name);
    for (const tab of await detail.getByRole('tab').all()) {
      await tab.click();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await axeViolations(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});
