import { describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { openPage, overflow, type View } from './browser.ts';
import { browser, gateway, useGatewayAndBrowser } from './suite.ts';

useGatewayAndBrowser({ build: async () => 'none' });

const open = async (path: string, view: View = {}) => {
  const opened = await openPage(browser, gateway.url, view);
  await opened.page.goto(`/guides/${path}`);
  return opened;
};

describe('the guides', () => {
  it('are linked from the reference and from each other', async () => {
    const { page, complaints } = await open('README.md');
    await page.locator('article').getByRole('link', { name: 'Call the gateway' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Call the gateway' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Guides' }).locator('[aria-current]').innerText()).toBe(
      'Call the gateway',
    );
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Python' }).click();
    await expect.poll(() => page.locator('#python').evaluate(isInView)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('highlight code and draw diagrams', async () => {
    const { page } = await open('README.md');
    expect(await page.locator('pre .code-str').count()).toBeGreaterThan(5);
    const diagram = page.getByRole('img', { name: /^Diagram: Your systems, HTTP function/ });
    expect(await diagram.locator('svg').textContent()).toContain('PingOne');
    const colored =
      '[...document.querySelectorAll(".diagram text")].every((text) => getComputedStyle(text).fill !== "none")';
    expect(await page.evaluate(colored)).toBe(true);
    await page.goto('/guides/lib/provision/PROTOCOL.md');
    await page.getByRole('img', { name: /^Diagram: .*sending/ }).waitFor();
  });

  it('can be searched, also by keyboard', async () => {
    const { page, complaints } = await open('README.md');
    const search = page.getByRole('searchbox', { name: 'Search the guides' });
    await search.fill('idempotency retry');
    const found = page.getByRole('list', { name: 'Found' }).getByRole('link');
    await found.first().waitFor();
    expect((await found.allInnerTexts()).join()).toContain('Call the gateway: Retry');
    await search.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.hash !== '');
    await search.fill('no such words anywhere');
    await page.getByText('No guide has these words.').waitFor();
    await search.press('Escape');
    expect(await page.getByRole('navigation', { name: 'Guides' }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  const views: View[] = [
    { width: 1440, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ];
  it.each(views)('fit and are accessible at $width, $colorScheme', { timeout: 120_000 }, async (view) => {
    const { page, complaints } = await open('README.md', view);
    const menu = await page.locator('#guide-menu a').evaluateAll((links) => links.map(String));
    expect(menu.length).toBeGreaterThan(10);
    for (const address of menu) {
      await page.goto(address);
      expect(await overflow(page), address).toBeLessThanOrEqual(0);
      expect(await axeViolations(page), address).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});

const isInView = (element: { getBoundingClientRect(): { top: number; bottom: number } }): boolean => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= 900;
};
