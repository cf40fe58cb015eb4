import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Gateway, type GatewayOptions, startGateway } from '../../infra/local/gateway/gateway.ts';
import { closePages, launch } from './browser.ts';

/** The gateway of the running test file. */
export let gateway: Gateway;
/** The browser of the running test file. */
export let browser: Browser;

/** Starts a gateway and a browser for the tests of a file, and closes them after its last test. */
export const useGatewayAndBrowser = (options: GatewayOptions = {}): void => {
  beforeAll(async () => {
    const starting = startGateway({ port: 0, awsPort: 0, onLog: () => {}, ...options });
    [gateway, browser] = await Promise.all([starting, launch()]);
  });

  afterEach(closePages);

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });
};
