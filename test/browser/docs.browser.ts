import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explainedProblems } from '../../infra/documents/problem-help.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
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

const open = async (view: View = {}, path = '/docs') => {
  const opened = await openPage(browser, gateway.url, view);
  await opened.page.goto(path);
  await opened.page.locator('.opblock').first().waitFor();
  await opened.page.getByText('a token of its local issuer is filled in').waitFor();
  return opened;
};

/** Unfolds the operation of a path. */
const unfold = async (page: Page, path: string): Promise<Locator> => {
  const operation = page.locator('.opblock', { has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('button.execute').waitFor();
  return operation;
};

describe('the reference page', () => {
  it('shows both endpoints, without an error', async () => {
    const { page, complaints } = await open();
    for (const { path, summary } of endpoints) {
      const operation = await unfold(page, path);
      expect(await operation.innerText()).toContain(summary);
    }
    expect(await page.locator('.errors').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(endpoints)('sends a create of $name with the token filled in', async ({ path, example }) => {
    const { page, complaints } = await open();
    const operation = await unfold(page, path);
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').innerText()).toContain('201');
    expect(await answer.innerText()).toContain(String(example.body.name));
    expect(await page.locator('#explained').innerText()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('explains a 400', async () => {
    const { page, complaints } = await open();
    const [endpoint] = endpoints;
    const operation = await unfold(page, endpoint?.path ?? '');
    await operation.locator('textarea').first().fill('{"name": "x", "conector": {}}');
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.innerText()).toMatch(/400[\s\S]*did you mean connector/);
    const explained = page.getByRole('status').filter({ hasText: 'The answer is INVALID_DATA' });
    const help = explainedProblems.find(({ code }) => code === 'INVALID_DATA');
    expect((await explained.innerText()).replaceAll('\n', ' ')).toContain(help?.cause.replaceAll('`', ''));
    await explained.getByRole('link', { name: 'All about it' }).click();
    await expect.poll(() => page.locator('#INVALID_DATA').evaluate(isInView)).toBe(true);
    await explained.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#explained').innerText()).toBe('');
    expect(complaints).toEqual([]);
  });

  it("has cause and remedy at the fragment of a problem's type", async () => {
    const { page } = await open({}, '/docs#OUTCOME_UNKNOWN');
    await expect.poll(() => page.locator('#OUTCOME_UNKNOWN').evaluate(isInView)).toBe(true);
    for (const { code, cause, remedy } of explainedProblems) {
      await page.goto(`/docs#${code}`);
      const problem = page.locator(`#${code}`);
      await expect.poll(() => problem.evaluate(isInView), { message: code }).toBe(true);
      const text = await problem.innerText();
      for (const part of [cause, remedy]) expect(text).toContain(part.replaceAll('`', ''));
    }
  });

  const views: View[] = [1280, 380].flatMap((width) => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ]);
  it.each(views)('fits and is readable at $width, $colorScheme', async (view) => {
    const { page, complaints } = await open(view);
    const isDark = await page.evaluate("document.documentElement.classList.contains('dark-mode')");
    expect(isDark).toBe(view.colorScheme === 'dark');
    for (const { path } of endpoints) await unfold(page, path);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await lowContrasts(page, '#errors')).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

const isInView = (element: { getBoundingClientRect(): { top: number; bottom: number } }): boolean => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= 900;
};
