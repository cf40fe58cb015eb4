import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { call, setFaults } from '../harness/front-door.ts';
import { endpoint } from '../harness/some-endpoint.ts';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
});

afterAll(() => gateway?.close());

/** All events that the page receives, as text. */
const listen = async () => {
  const closing = new AbortController();
  const response = await fetch(`${gateway.url}/local/events`, { signal: closing.signal });
  let received = '';
  const read = async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk);
  };
  const ended = read().then(
    () => 'ended',
    () => 'broken',
  );
  return { headers: response.headers, received: () => received, ended, close: () => closing.abort() };
};

describe('the live page', () => {
  it('receives a request with every step, and none of its secrets', async () => {
    const { headers, received, close } = await listen();
    expect(headers.get('content-type')).toBe('text/event-stream');
    const body = { ...endpoint.example.body, properties: { password: { value: 'very-secret-value' } } };
    const { status, json } = await call(gateway, endpoint, { body, headers: { 'idempotency-key': 'order-1' } });
    expect(status).toBe(201);
    await expect.poll(received, { timeout: 5_000 }).toContain('"outcome":"created"');
    await expect
      .poll(received, { timeout: 5_000 })
      .toContain('Attempt ended: created; granted by “all”; creates sent: 1');
    for (const part of ['order-1', 'Asked for the create', `Answered the create with 201, resource ${json.id}`])
      expect(received()).toContain(part);
    const { clientSecret } = gateway.sandbox.secret;
    for (const secret of ['very-secret', clientSecret, gateway.accessToken]) expect(received()).not.toContain(secret);
    close();

    // A page that opens later receives the same.
    const later = await listen();
    await expect.poll(later.received).toContain('"outcome":"created"');
    later.close();
  });

  it('receives the list calls that find a lost create', async () => {
    await setFaults(gateway, { create: 'createThenReset' });
    const { received, close } = await listen();
    const { status } = await call(gateway, endpoint, { headers: { 'idempotency-key': crypto.randomUUID() } });
    expect(status).toBe(201);
    await expect.poll(received, { timeout: 5_000 }).toContain('"outcome":"adopted"');
    expect(received()).toMatch(/Injected fault: createThenReset.*No answer to the create.*Answered the list with 200/);
    expect(received()).toContain('"faults":{"create":"createThenReset"');
    await setFaults(gateway, {});
    await expect.poll(received, { timeout: 5_000 }).toContain('"faults":{"create":null');
    close();
  });

  it('retries no unknown request', async () => {
    const retry = { method: 'POST', body: JSON.stringify({ id: 'none' }) };
    expect((await fetch(`${gateway.url}/local/retry`, retry)).status).toBe(404);
    expect((await fetch(`${gateway.url}/local/retry`, { ...retry, body: 'none' })).status).toBe(404);
  });

  it.each(['/', '/docs', '/guides/README.md'])('loads only its own scripts and styles: %s', async (path) => {
    const response = await fetch(gateway.url + path);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    const page = await response.text();
    const links = [...page.matchAll(/<(?:link|script) [^>]*(?:src|href)="([^"]+)/g)].map(([, link = '']) => link);
    expect(links).not.toEqual([]);
    for (const link of links) {
      expect(link).toMatch(/^\//);
      expect((await fetch(gateway.url + link)).status, link).toBe(200);
    }
  });

  it.each(['/', '/docs', '/guides/README.md', '/local/events', '/local/requests'])(
    'is served only to this machine: %s',
    async (path) => {
      const { port } = new URL(gateway.url);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.once('data', (data) => resolve(String(data))).once('error', reject);
        socket.write(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
      });
      expect(answer).toContain('421 Misdirected Request');
    },
  );

  it('leads to pages that exist, with the parts that links name', async () => {
    const pages = new Map<string, string>();
    const open = async (address: URL): Promise<void> => {
      const { pathname } = address;
      if (pages.has(pathname)) return;
      pages.set(pathname, '');
      const response = await fetch(address);
      expect([pathname, response.status]).toEqual([pathname, 200]);
      const text = await response.text();
      pages.set(pathname, text);
      if (response.headers.get('content-type')?.startsWith('text/html')) await Promise.all(linksOf(address).map(open));
    };
    const linksOf = ({ href, pathname }: URL) =>
      [...(pages.get(pathname) ?? '').matchAll(/(?:src|href)="([^"]+)"/g)]
        .map(([, link = '']) => new URL(link, href))
        .filter(({ origin, port }) => origin === gateway.url && port !== '3000');
    await open(new URL('/', gateway.url));
    expect([...pages.keys()]).toContain('/guides/test/explore/README.md');
    const dead = [...pages.keys()].flatMap((path) =>
      linksOf(new URL(path, gateway.url)).filter(
        ({ pathname, hash }) => hash !== '' && !pages.get(pathname)?.includes(`id="${hash.slice(1)}"`),
      ),
    );
    expect(dead.map(String)).toEqual([]);
  });

  it('ends with its gateway', async () => {
    const other = await startGateway({ port: 0, awsPort: 0, build: async () => 'none' });
    const response = await fetch(`${other.url}/local/events`);
    const ended = response.text().then(
      () => 'ended',
      () => 'broken',
    );
    await other.close();
    expect(await ended).toBe('broken');
  });
});
