import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { setFaults } from '../harness/front-door.ts';
import { closePages, launch, openPage, overflow, type View } from './browser.ts';
import { lowContrasts } from './contrast.ts';

let gateway: Gateway;
let browser: Browser;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway({ port: 0, awsPort: 0, onLog: () => {} }), launch()]);
});

afterEach(closePages);

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

beforeEach(async () => {
  await setFaults(gateway, {});
});

const open = async (view: View = {}) => {
  const opened = await openPage(browser, gateway.url, view);
  await opened.page.goto('/');
  await opened.page.getByRole('button', { name: 'Create a DaVinci connector instance' }).waitFor();
  await opened.page.getByText('Watching').waitFor();
  return opened;
};

/** Sends an example from the page; the card of its request. */
const send = async (page: Page, summary: string): Promise<Locator> => {
  const before = await page.getByRole('article').count();
  await page.getByRole('button', { name: summary }).click();
  await expect.poll(() => page.getByRole('article').count(), { timeout: 10_000 }).toBe(before + 1);
  return page.getByRole('article').first();
};

/** Waits until a card, or a part of the page, says all of these. */
const says = async (part: Locator, ...texts: (string | RegExp)[]): Promise<void> => {
  for (const text of texts) await expect.poll(() => part.innerText(), { timeout: 10_000 }).toMatch(text);
};

const shows = (card: Locator, state: string) => card.locator('.pill', { hasText: state }).waitFor();

describe('the live page', () => {
  it.each(endpoints)('sends the example of $name, and shows it come to its end', async ({ summary }) => {
    const { page, complaints } = await open();
    const card = await send(page, summary);
    await shows(card, 'Created');
    const reached = await card.locator('.stages li').evaluateAll((items) => items.map((item) => item.dataset.at));
    expect(reached).toEqual(['reached', 'reached', 'reached', 'reached', 'good']);
    await says(card, 'Received over HTTP', 'Has the create', 'Settled: created', 'Answered 201, created', 'by “all”');
    const resource = /resource\s+(\S+)/.exec(await card.locator('.record').innerText())?.[1];
    await says(card, `Answers 201 with the resource ${resource}`);
    expect(complaints).toEqual([]);
  });

  it('lets a person lose an answer, see it unknown, and see it adopted by a retry', async () => {
    const { page, complaints } = await open();
    await page.getByLabel('Answers get lost, and the list is late').check();
    await page.getByText('On: createThenReset and listLags').waitFor();
    const card = await send(page, 'Create a DaVinci connector instance');
    await shows(card, 'Unknown');
    await says(card, '504 OUTCOME_UNKNOWN');
    await says(page.locator('#news'), /Request \d+: Unknown, OUTCOME_UNKNOWN/);

    await page.getByLabel('Nothing fails').check();
    await says(page.locator('#faults-note'), /^$/);
    await card.getByRole('button', { name: 'Retry with the same key' }).click();
    await shows(card, 'Adopted');
    await says(card, 'No whole answer comes', 'Left open', 'Attempt 2', 'Answered 201, adopted');
    await says(page.locator('#news'), /Request \d+: Adopted/);
    expect(complaints).toEqual([]);
  });

  it('shows an answer that was lost and found at once', async () => {
    const { page } = await open();
    await page.getByLabel('Answers get lost').first().check();
    await page.getByText('On: createThenReset').waitFor();
    const card = await send(page, 'Create a DaVinci connector instance');
    await shows(card, 'Adopted');
    await says(card, /whether it was created is unknown[\s\S]*Lists what is there[\s\S]*Settled: created/);
  });

  it('shows events, dead letters and requests from elsewhere', async () => {
    const { page } = await open();
    const [endpoint] = endpoints;
    const { queue } = Object(gateway.queues.get(endpoint?.name ?? ''));
    queue.send({ body: 'no JSON' });
    await shows(page.getByRole('article').first(), 'Failed');
    await says(page.locator('#queues'), 'NOT_JSON');
    await page.getByLabel('Don’t wait for it').check();
    const card = await send(page, 'Create an operation of an API server');
    await shows(card, 'Created');
    await says(page.locator('#bus'), 'ApiServerOperationCreated');
  });

  it('shows a page that is opened later what came before', async () => {
    const { page } = await open();
    await shows(await send(page, 'Create a DaVinci connector instance'), 'Created');
    const count = await page.getByRole('article').count();
    const later = await open();
    await expect.poll(() => later.page.getByRole('article').count()).toBe(count);
  });

  it('says when the gateway is gone', async () => {
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none' });
    const { page } = await openPage(browser, other.url);
    await page.goto('/');
    await page.getByText('Watching').waitFor();
    await other.close();
    await page.getByText('The gateway is gone').waitFor();
  });

  it('sends nothing from here where a real PingOne is behind it', async () => {
    const json = JSON.stringify({ clientId: 'a', clientSecret: 'b', environmentID: crypto.randomUUID(), region: 'EU' });
    const other = await startGateway({
      port: 0,
      awsPort: 0,
      build: async () => 'none',
      secret: { json, source: 'a file' },
    });
    const { page, complaints } = await openPage(browser, other.url);
    await page.goto('/');
    await page.getByText('A real PingOne is behind this gateway').waitFor();
    await page.getByText('Watching').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByText('Let PingOne fail').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await other.close();
  });

  it('can be used by keyboard alone', async () => {
    const { page, complaints } = await open();
    const focused = () => page.evaluate<string>('document.activeElement.textContent || document.activeElement.id');
    const tabTo = async (name: string) => {
      for (let tabs = 0; tabs < 60; tabs++) {
        await page.keyboard.press('Tab');
        const { outlineStyle } = Object(await page.evaluate('({ ...getComputedStyle(document.activeElement) })'));
        const text = await focused();
        // Each stop can be seen.
        expect(outlineStyle, text).not.toBe('none');
        if (text.includes(name)) return;
      }
      throw new Error(`no way to ${name}`);
    };
    const before = await page.getByRole('article').count();
    await tabTo('preset-0');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.getByText('On: createThenReset and listLags').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('article').count(), { timeout: 10_000 }).toBe(before + 1);
    const card = page.getByRole('article').first();
    await shows(card, 'Unknown');
    await says(card, '504 OUTCOME_UNKNOWN');
    await setFaults(gateway, {});
    await tabTo('Retry with the same key');
    await page.keyboard.press('Enter');
    await shows(card, 'Adopted');
    // The button is gone, and the focus where one reads on.
    await expect.poll(() => page.evaluate("document.activeElement.matches('summary')")).toBe(true);
    await page.keyboard.press('Space');
    await expect.poll(() => card.locator('details').getAttribute('open')).toBeNull();
    expect(complaints).toEqual([]);
  });

  const views: View[] = [1280, 380].flatMap((width) => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ]);
  it.each(views)('fits and can be read at $width, $colorScheme', async (view) => {
    const { page, complaints } = await open(view);
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await lowContrasts(page, 'body')).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
