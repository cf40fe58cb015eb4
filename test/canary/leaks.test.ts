import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import type { ListFault } from '../../infra/local/sandbox/list-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { eachOf } from '../faults/callers.ts';
import { chanceOf, pick } from '../faults/chance.ts';
import { storm } from '../faults/storm.ts';
import { senderOf } from '../harness/bus.ts';
import { type Step, type System, type SystemOptions, startSystem } from '../harness/system.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { type CapturedOutput, captureOutput } from './captured-output.ts';
import { type Doors, startDoors } from './doors.ts';
import {
  invalidBodies,
  invalidDetails,
  invalidRequests,
  markedHeaders,
  unreadableMessages,
} from './invalid-requests.ts';
import { markedBody } from './marked-body.ts';
import { markPingOne } from './marked-pingone.ts';
import { hostileError, quotingAws } from './quoting-aws.ts';

const minute = 60_000;

let canaries: Canaries;
let output: CapturedOutput;
let system: System;
let doors: Doors;

beforeEach(() => {
  canaries = createCanaries();
  output = captureOutput();
  for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...values) => output.write('console', ...values));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await doors.close();
});

const start = async (options: SystemOptions = {}, dies?: () => (step: Step) => boolean) => {
  system = await startSystem({
    ...options,
    sandbox: { ...options.sandbox, alter: markPingOne(canaries) },
  });
  doors = startDoors(system, { canaries, output, ...(dies && { dies }) });
};

/** All leaks, once every request has ended. */
const leaks = async (): Promise<readonly string[]> => {
  await system.pass(30 * minute);
  await doors.collect();
  return [...doors.leaked, ...output.leaksOf(canaries)];
};

const detailOf = (endpoint: (typeof endpoints)[number], source: string) => ({
  version: '1',
  ...endpoint.example.parameters,
  body: markedBody(endpoint, canaries, source),
  metadata: canaries.mark(source),
});

describe('nothing leaks', () => {
  it('from bodies, headers, tokens and PingOne’s answers while everything fails, over both doors', async () => {
    const chance = chanceOf(1);
    const weather = storm(chance, { dynalite: true });
    let invocations = 0;
    await start(weather.options, () => weather.dies(`invocation ${invocations++}`));
    weather.attachTo(system);
    const groups = Array.from({ length: 4 }, (_, nth) => `request ${nth}:`);
    const intents = endpoints.flatMap((endpoint) =>
      groups.flatMap((source) => {
        const body = markedBody(endpoint, canaries, source);
        return [1, 2, 3].map((nth) => ({ endpoint, source, body, name: [endpoint.name, source, nth] }));
      }),
    );
    await eachOf(intents, async ({ endpoint, source, body, name }) => {
      if (chance('door', name) < 0.4) {
        const idempotencyKey = canaries.mark('key of an event');
        await doors.busOf(endpoint).put({ version: '1', ...endpoint.example.parameters, body, idempotencyKey });
        return;
      }
      const headers = {
        ...markedHeaders(canaries.mark(`${source} a header`)),
        ...(chance('keyed', name) < 0.8 && { 'idempotency-key': canaries.mark(`${source} its key`) }),
        ...(chance('async', name) < 0.3 && { prefer: 'respond-async' }),
      };
      for (let nth = 0; nth < 3; nth++) {
        const dies = weather.dies(`${name} ${nth}`);
        const request = { source, client: 'ci', headers, body: JSON.stringify(body), dies };
        if ((await doors.ask(endpoint, request)).statusCode < 500) return;
        await system.pass(5_000);
      }
    });
    weather.end();
    expect(await leaks()).toEqual([]);
    // No error was thrown or printed, and the marked values reached their destinations.
    expect(output.places()).toEqual(['bus', 'ledger', 'log', 'queue', 'secrets']);
    expect(doors.statuses).toEqual(expect.arrayContaining([201, 202]));
    expect([...weather.counts.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(10);
    expect(doors.outcomes()).not.toEqual([]);
    expect(canaries.in(system.sandbox.requests.map(({ body }) => body).join())).toEqual(expect.arrayContaining(groups));
  });

  it('from invalid requests and events', async () => {
    await start();
    for (const endpoint of endpoints) {
      const source = 'a caller:';
      const mark = canaries.mark(source);
      for (const body of invalidBodies(endpoint, mark)) await doors.ask(endpoint, { source, client: 'ci', body });
      for (const request of invalidRequests(endpoint, mark))
        await doors.ask(endpoint, { source, body: JSON.stringify(endpoint.example.body), ...request });
      for (const id of [mark, mark.repeat(200), `${mark}/../x`]) await doors.status(source, id);
      const bus = doors.busOf(endpoint);
      const other = canaries.mark('an event');
      for (const detail of invalidDetails(endpoint, other)) await bus.put(detail);
      await bus.put(detailOf(endpoint, 'an event'), { source: 'com.example.stranger' });
      for (const text of unreadableMessages(endpoint, other, senderOf('com.example.ci').event)) await bus.send(text);
    }
    expect(await leaks()).toEqual([]);
    expect(new Set(doors.statuses)).toEqual(new Set([400, 403, 404, 415]));
    expect(canaries.in(JSON.stringify(doors.deadLetters().map(({ body }) => body)))).toEqual(['an event']);
    expect(system.sandbox.requests).toEqual([]);
  });

  it("from PingOne's refusals: messages, details and codes", async () => {
    const statuses = [400, 403, 404, 409] as const;
    const refuse = (nth: number): Fault => ({ kind: 'refuse', status: pick(statuses, (nth % 4) / 4), code: 'REFUSED' });
    let creates = 0;
    let lost = false;
    const create = (): Fault => (lost ? { kind: 'createThenReset' } : refuse(creates++));
    const list = (): ListFault | undefined => (lost ? { kind: 'listFails', answer: 503 } : undefined);
    await start({ sandbox: { faults: { create, list } } });
    for (const endpoint of endpoints) {
      for (const nth of [1, 2]) {
        const source = `request ${nth}:`;
        const body = JSON.stringify(markedBody(endpoint, canaries, source));
        const answer = await doors.ask(endpoint, { source, client: 'ci', body });
        expect(canaries.in(answer.body)).toEqual(['PingOne’s answer']);
        await doors.busOf(endpoint).put(detailOf(endpoint, source));
        await doors.ask(endpoint, { source, client: 'catalogue', body, headers: { prefer: 'respond-async' } });
      }
    }
    // And its failures when the resource of a create is resolved.
    lost = true;
    for (const endpoint of endpoints) {
      const body = JSON.stringify(markedBody(endpoint, canaries, 'lost:'));
      expect(await doors.ask(endpoint, { source: 'lost:', client: 'ci', body })).toMatchObject({ statusCode: 503 });
      await doors.busOf(endpoint).put(detailOf(endpoint, 'lost:'));
    }
    await system.pass(5_000);
    lost = false;
    expect(await leaks()).toEqual([]);
    expect(doors.outcomes().map(({ detail }) => detail.code)).toEqual(
      expect.arrayContaining(['REFUSED', 'REQUEST_FAILED']),
    );
  });

  it("from an unusable secret, and from a token endpoint's refusals and odd answers", async () => {
    let answers = 0;
    const babble = ['{"access_token":"', '{"access_token":12}', '"', '{"error":"x"}', '{"access_token":"', 'x'];
    const marked = markPingOne(canaries);
    system = await startSystem({
      sandbox: {
        alter: (arrival, outgoing) =>
          arrival.path.endsWith('/as/token') && typeof outgoing !== 'string'
            ? marked(arrival, {
                status: [200, 200, 200, 400, 500, 401][answers] ?? 200,
                body: babble[answers++] ?? '{',
              })
            : marked(arrival, outgoing),
      },
    });
    doors = startDoors(system, { canaries, output });
    const mark = canaries.mark('the secret');
    const whole = { ...system.sandbox.secret, [mark]: mark };
    const secrets = [
      `{"clientSecret":"${mark}`,
      mark,
      JSON.stringify({ clientId: [mark], clientSecret: { [mark]: mark }, environmentID: mark }),
      JSON.stringify({ ...whole, region: mark, authBase: `http://${mark}.example`, apiBase: `${mark}:` }),
      JSON.stringify({ ...whole, tokenEndpointAuthMethod: mark }),
      ...babble.map(() => JSON.stringify(whole)),
    ];
    for (const [nth, secret] of secrets.entries()) {
      system.aws.secretsManager.put('worker', secret);
      const endpoint = pick(endpoints, (nth % endpoints.length) / endpoints.length);
      const source = `request ${nth}:`;
      const body = JSON.stringify(markedBody(endpoint, canaries, source));
      await doors.ask(endpoint, { source, client: 'ci', body });
      await system.pass(11_000);
    }
    for (const endpoint of endpoints) await doors.busOf(endpoint).put(detailOf(endpoint, 'an event'));
    expect(await leaks()).toEqual([]);
    expect(new Set(doors.statuses)).toEqual(new Set([502, 503]));
    expect(answers).toBeGreaterThan(babble.length);
  });

  it("from AWS's refusals, which quote the request", async () => {
    // The clients of deployed functions make errors of it.
    await start({ dynalite: true, intercept: quotingAws(canaries) });
    for (const endpoint of endpoints) {
      for (const nth of [1, 2, 3]) {
        const source = `request ${nth}:`;
        const body = JSON.stringify(markedBody(endpoint, canaries, source));
        const headers = { 'idempotency-key': canaries.mark(`${source} its key`) };
        await doors.ask(endpoint, { source, client: 'ci', headers, body });
        await doors.ask(endpoint, { source, client: 'catalogue', headers: { prefer: 'respond-async' }, body });
        await doors.status(source, 'a'.repeat(64));
        await doors.busOf(endpoint).put(detailOf(endpoint, source));
        await doors.busOf(endpoint).send(canaries.mark('a message'));
      }
    }
    expect(await leaks()).toEqual([]);
    expect(doors.statuses).toEqual(expect.arrayContaining([201, 503]));
  });

  it('from an unforeseen error, wherever it is thrown', async () => {
    const steps: Step[] = [
      'before PingOne token',
      'before PingOne create',
      'after PingOne create',
      'before PingOne list',
      'before ledger claim',
      'after ledger renew',
      'before ledger assign',
      'before ledger created',
      'before ledger rejected',
      'before queue publish',
      'before queue postpone',
      'before queue deadLetter',
    ];
    let at: Step | undefined;
    const throwsAt = (fatal: Step | undefined) => (step: Step) => {
      if (step !== fatal) return false;
      if (step === 'after ledger renew') throw canaries.mark('a thrown text');
      throw hostileError(canaries);
    };
    await start({ sandbox: { faults: { list: () => (at ? { kind: 'listFails', answer: 500 } : undefined) } } }, () =>
      throwsAt(at),
    );
    for (const [nth, step] of steps.entries()) {
      at = step;
      const endpoint = pick(endpoints, (nth % endpoints.length) / endpoints.length);
      const source = `request ${nth}:`;
      const body = JSON.stringify(markedBody(endpoint, canaries, source));
      await doors.ask(endpoint, { source, client: 'ci', body, dies: throwsAt(step) });
      await doors.busOf(endpoint).put(detailOf(endpoint, source));
      await doors.busOf(endpoint).send(canaries.mark('a message'));
      await system.pass(5_000);
    }
    at = undefined;
    for (const endpoint of endpoints) {
      const context = {
        get authorizer(): never {
          throw hostileError(canaries);
        },
      };
      await doors.ask(endpoint, { source: 'a caller', body: JSON.stringify(endpoint.example.body), context });
    }
    expect(await leaks()).toEqual([]);
    expect(doors.statuses).toEqual(expect.arrayContaining([201, 500, 503]));
  });
});
