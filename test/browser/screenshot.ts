import { fileURLToPath } from 'node:url';
import { startGateway } from '../../infra/local/gateway/gateway.ts';
import { createApiServerOperation } from '../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import { call, setFaults } from '../harness/front-door.ts';
import { launch } from './browser.ts';

/** node infra/node-24.js test/browser/screenshot.ts: takes README's picture of the live page anew. */
const picture = fileURLToPath(new URL('../../infra/local/pages/screenshot.png', import.meta.url));

const gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
const browser = await launch();

const connection = (name: string, key: string) =>
  call(gateway, createConnectorInstance, {
    body: { ...createConnectorInstance.example.body, name },
    headers: { 'idempotency-key': key },
  });

const operation = (name: string, key: string) =>
  call(gateway, createApiServerOperation, {
    body: { name, paths: [{ type: 'EXACT', pattern: `/${name}` }] },
    headers: { 'idempotency-key': key },
  });

await connection('Billing API', 'order-4701');
await operation('invoices', 'order-4702');
await connection('Staff <mail>', 'order-4703');
await setFaults(gateway, { create: 'createThenReset' });
await operation('payments', 'order-4704');
await connection('Partner portal', 'order-4705');
await setFaults(gateway, { create: 'createThenReset', list: 'listLags' });
await connection('Shipping API', 'order-4706');
await setFaults(gateway, {});
await connection('Helpdesk', 'order-4707');

const page = await browser.newPage({ baseURL: gateway.url, viewport: { width: 1160, height: 450 } });
await page.goto('/');
await page.getByRole('link', { name: 'Partner portal' }).click();
await page.getByRole('tab', { name: 'Timeline' }).click();
await page.mouse.move(0, 0);
await page.screenshot({ path: picture });

await browser.close();
await gateway.close();
