import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type ConsoleMessage, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or what else there is; `CHROMIUM` names another. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? onPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });

const onPath = (): string => {
  const directories = (process.env.PATH ?? '').split(delimiter);
  const found = directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
  if (found === undefined) throw new Error(`none of ${names.join(', ')} is on the PATH; CHROMIUM may name a browser`);
  return found;
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export interface View {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

const contexts = new Set<BrowserContext>();

/** Closes the pages of a test. */
export const closePages = async (): Promise<void> => {
  await Promise.all([...contexts].map((context) => context.close()));
  contexts.clear();
};

/** A new page, with its complaints: errors, and requests to other origins than `origin`. */
export const openPage = async (
  browser: Browser,
  origin: string,
  { width = 1280, colorScheme = 'light' }: View = {},
) => {
  const context = await browser.newContext({ baseURL: origin, viewport: { width, height: 900 }, colorScheme });
  contexts.add(context);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message)) complaints.push(message.text());
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') complaints.push(`asks ${url.origin}`);
  });
  return { page, complaints };
};

/** A browser also logs expected answers of the gateway: a 400, a 504. */
const isAnswer = (message: ConsoleMessage): boolean =>
  new URL(message.location().url || 'about:blank').pathname.startsWith('/v1/');

/** The overflow of a page beyond its window, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
