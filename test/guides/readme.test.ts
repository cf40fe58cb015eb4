import { afterEach, describe, expect } from 'vitest';
import { type Gateway, type GatewayOptions, startGateway } from '../../infra/local/gateway/gateway.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { snippet } from './guides.ts';
import { bash, itWith } from './program.ts';

let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

const start = async (options: GatewayOptions) => {
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {}, ...options });
  return gateway.url;
};

const runAt = (url: string, name: string) => bash(snippet(name).replaceAll('http://127.0.0.1:3000', url));

/** The grants name the issuer by its port. */
const freePort = async (): Promise<number> => {
  const { port, close } = await listen(0);
  await close();
  return port;
};

describe('README', () => {
  itWith(
    'bash',
    'curl',
    'node',
  )('heals a lost answer, and repeats it', async () => {
    const url = await start({});
    const { code, stdout } = await runAt(url, 'heal');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1.1 201 Created\r\n.*\r\nprovisioner-outcome: adopted\r\n/s);
    expect((await runAt(url, 'heal')).stdout).toContain('provisioner-outcome: replayed');
    expect(await (await fetch(`${url}/local/faults`)).json()).toMatchObject({ create: null });
  });

  itWith(
    'bash',
    'curl',
    'node',
  )('denies the first call by the first grant, and allows another name', async () => {
    const port = await freePort();
    const shown = snippet('first-grant').replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
    const url = await start({ port, grants: parseGrants(JSON.parse(shown)) });
    expect(JSON.parse((await runAt(url, 'curl')).stdout)).toMatchObject({
      code: 'ACCESS_FAILED',
      details: [{ innerError: { dimension: 'name' } }],
    });
    const allowed = snippet('curl')
      .replace('API_HTTP_Connection', 'test-connection')
      .replaceAll('http://127.0.0.1:3000', url);
    expect(JSON.parse((await bash(allowed)).stdout)).toMatchObject({ name: 'test-connection' });
  });
});
