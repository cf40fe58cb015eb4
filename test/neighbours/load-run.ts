import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';

/** One request of a load. */
export type RequestKind = 'create' | 'invalid' | 'anonymous';

export interface Load {
  /** The concurrent requests. */
  readonly kinds: readonly RequestKind[];
  /** Maximum number of concurrent connections. */
  readonly connections: number;
  /** Whether a request with the answer 429 is repeated until another answer. */
  readonly patient?: boolean;
}

/** The answers to a load and its cost for this process, with all its threads; memory in MB. */
export interface LoadFigures {
  /** Number of answers by kind and status, and the beginning of each unknown answer. */
  readonly answers: Readonly<Record<string, number>>;
  readonly ms: number;
  readonly cpuMs: number;
  readonly rss: { readonly before: number; readonly peak: number };
  /** Of this thread, where front, AWS and PingOne are; before and after with nothing left to collect. */
  readonly heap: { readonly before: number; readonly peak: number; readonly after: number };
}

const longestWaitMs = 20_000;

/** Sends many creates at once, for endpoints without a quota in PingOne. */
export const runLoad = async (
  gateway: Gateway,
  { kinds, connections, patient = false }: Load,
): Promise<LoadFigures> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = async (kind: RequestKind, nth: number): Promise<string> => {
    for (let waitMs = 500; ; waitMs *= 2) {
      const { status, text } = await send(gateway, agent, kind, nth);
      if (!patient || status !== 429) return `${kind} ${status}${saysSomething(text) ? '' : text}`;
      await delay(Math.random() * Math.min(waitMs, longestWaitMs));
    }
  };

  const before = { ...memory(), cpu: process.cpuUsage(), at: performance.now() };
  const peak = { rss: 0, heap: 0 };
  const watch = setInterval(() => {
    const { rss, heap } = memoryNow();
    Object.assign(peak, { rss: Math.max(peak.rss, rss), heap: Math.max(peak.heap, heap) });
  }, 50);
  const answers: Record<string, number> = {};
  for (const answer of await Promise.all(kinds.map(ask))) answers[answer] = (answers[answer] ?? 0) + 1;
  clearInterval(watch);
  agent.destroy();
  const ms = performance.now() - before.at;
  const { user, system } = process.cpuUsage(before.cpu);
  return {
    answers,
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1_000),
    rss: { before: before.rss, peak: peak.rss },
    heap: { before: before.heap, peak: peak.heap, after: memory().heap },
  };
};

const unlimited = endpoints.filter(({ quota }) => quota === undefined);

const send = ({ apiPath, accessToken }: Gateway, agent: Agent, kind: RequestKind, nth: number) =>
  new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const endpoint = unlimited[nth % unlimited.length];
    if (endpoint === undefined) throw new Error('PingOne sets a quota for every endpoint');
    const body = JSON.stringify({ ...endpoint.example.body, name: kind === 'invalid' ? 1 : `load ${nth}` });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(kind !== 'anonymous' && { authorization: `Bearer ${accessToken}` }),
    };
    request(apiPath + collectionOf(endpoint), { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end(body);
  });

/** A resource, a problem, or API Gateway's own message. */
const saysSomething = (text: string): boolean => /^\{.*"(?:id|message)":".+\}$/s.test(text);

const memoryNow = () => {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss: megabytes(rss), heap: megabytes(heapUsed + external) };
};

const memory = () => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return memoryNow();
};

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
