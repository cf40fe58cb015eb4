import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { throttled } from '../../infra/local/aws/service.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { failure } from '../../infra/local/sandbox/failure.ts';
import type { ListFault } from '../../infra/local/sandbox/list-faults.ts';
import { limited, notFound } from '../../infra/local/sandbox/refusal.ts';
import { createApiServerOperation as operation } from '../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { nameIDsOf, requestIDOf } from '../../lib/provision/identity.ts';
import { defaultTimings } from '../../lib/provision/timings.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type CallerAnswer, type Step, type System, type SystemOptions, startSystem } from '../harness/system.ts';

/** Attacks on the promise that one request creates one resource. */

const { attempt, clockSkew, closing, graceAnswered, graceLost, leaseMargin, pingOneSkew } = defaultTimings;

let system: System;
afterEach(() => system.close());

const start = async (
  creates: (Fault | undefined)[] = [],
  lists: (ListFault | undefined)[] = [],
  options: SystemOptions = {},
) => {
  system = await startSystem({
    ...options,
    sandbox: { faults: { create: () => creates.shift(), list: () => lists.shift() }, ...options.sandbox },
  });
};

const made = (of: Endpoint = endpoint) => system.sandbox.resources(collectionOf(of)).map(({ id }) => id);
const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
const retryAfterOf = (answer: CallerAnswer) => ('problem' in answer ? (answer.problem.facts.retryAfterMs ?? 0) : 0);
const lagging = (lagMs: number): ListFault[] => Array.from({ length: 60 }, () => ({ kind: 'listLags', lagMs }));

/** Retries with one key as long as the answer has a Retry-After. */
const askUntilDone = async (asked: Parameters<System['ask']>[0]): Promise<CallerAnswer> => {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await system.ask(asked);
    if (answer.answered !== 'died' && answer.answered !== 409 && answer.answered < 500) return answer;
    await system.pass(Math.max(1_000, retryAfterOf(answer)));
  }
  throw new Error('still not done after ten tries');
};

const dyingAt = (fatal: Step, nth = 1) => {
  let times = 0;
  return (step: Step) => step === fatal && ++times === nth;
};

const requestKey = (key: string) =>
  `${endpoint.name}#request#${requestIDOf('alice', endpoint, endpoint.example.parameters, key)}`;
const nameKey = () =>
  `${endpoint.name}#name#${nameIDsOf(endpoint, endpoint.example.parameters, endpoint.example.body).name}`;
const read = (key: string) => system.clock.during(system.table.read(key));

/** A gate at which a frozen function waits. */
const frozen = () => {
  let thaw = () => {};
  const until = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  return { until, thaw: () => thaw() };
};

/** Delays the first write of a kind, and applies it on demand. */
const stuckWrite = (isIt: (input: string) => boolean) => {
  let stuck: UpdateItemCommandInput | undefined;
  const intercept: SystemOptions['intercept'] = async (moment, { operation: name, input }) => {
    if (moment !== 'before' || name !== 'UpdateItem' || stuck || !isIt(JSON.stringify(input))) return undefined;
    stuck = Object(input);
    return 'reset';
  };
  const apply = async () => {
    if (!stuck) throw new Error('nothing is stuck');
    return system.clock.during(
      system.dynamo.send(new UpdateItemCommand(stuck)).then(
        () => 'applied',
        (error: Error) => error.name,
      ),
    );
  };
  return { intercept, apply };
};

describe('the grace period', () => {
  it.each([
    [1_000, 14_000],
    [4_600, 2_000],
    [7_000, 14_900],
  ])('counts from a 500 that comes after %i ms, with a resource that is listed %i ms later', async (afterMs, lagMs) => {
    let failed = false;
    const answer: SystemOptions['sandbox'] = {
      intercept: async (moment) => {
        if (moment !== 'after' || failed) return undefined;
        failed = true;
        return failure(500);
      },
    };
    await start([{ kind: 'createLate', afterMs, answer: 'created' }], lagging(lagMs), { sandbox: answer });
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
    expect([creates(), made().length]).toEqual([1, 1]);
  });

  it.each([
    ['an answer that never comes', { kind: 'createLate', afterMs: 7_900, answer: 'never' }],
    ['a create that ends after our time-out', { kind: 'createLate', afterMs: attempt + 5_000, answer: 'never' }],
    ['a reset', { kind: 'createThenReset' }],
  ] satisfies [string, Fault][])('counts from the end of the attempt after %s', async (_, fault) => {
    const promisedMs = graceLost - 100 - (fault.kind === 'createLate' && fault.afterMs > attempt ? 5_000 : 0);
    await start([fault], lagging(promisedMs));
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect([creates(), made().length]).toEqual([1, 1]);
  });

  it('counts from the latest end of the send if its function died', async () => {
    await start([{ kind: 'createLate', afterMs: 7_900, answer: 'never' }], lagging(graceLost - 1_000));
    expect(await system.ask({ endpoint, key: 'k', dies: dyingAt('before PingOne create') })).toEqual({
      answered: 'died',
    });
    expect(await read(requestKey('k'))).toMatchObject({ timeoutMs: attempt });
  });

  it('does not cover a create that is listed later than promised: the residual risk', async () => {
    await start([{ kind: 'createThenAnswer', status: 500 }], lagging(graceAnswered + 1_000));
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(made()).toHaveLength(2);
  });

  it('leaves the time until the list showed the resource in the log line', async () => {
    await start([{ kind: 'createThenAnswer', status: 500 }], lagging(3_500));
    await system.ask({ endpoint, key: 'k' });
    const [line] = system.logged.flatMap((logged) => Object(logged).attempt ?? []);
    expect(line.listLagMs).toBeGreaterThanOrEqual(3_400);
    expect(line.listLagMs).toBeLessThan(8_000);
  });
});

describe('a refusal after an open send', () => {
  it.each([
    ['an answer of 500', { kind: 'createThenAnswer', status: 500 }, 20_000],
    ['a lost answer', { kind: 'createThenHang' }, 59_000],
  ] satisfies [string, Fault, number][])('for its own name, with %s, ends as the resource', async (_, fault, lagMs) => {
    await start([fault], lagging(lagMs), { sandbox: { uniqueNames: true } });
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
    expect(made()).toHaveLength(1);
    expect(await read(nameKey())).not.toHaveProperty('holder');
  });
});

describe('a write that is applied late', () => {
  it('on the name, by a finally rejected request, blocks no other request', async () => {
    const hold = stuckWrite((input) => input.includes('SET #holder'));
    await start([{ kind: 'refuse', status: 400, code: 'INVALID_DATA' }], [], hold);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 400 });
    expect(await hold.apply()).toBe('applied');
    expect(await read(nameKey())).toHaveProperty('holder');
    expect(await system.ask({ endpoint, key: 'other' })).toMatchObject({ answered: 201, how: 'created' });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(made()).toHaveLength(2);
  });

  it('on the name, by an overtaken attempt, does not take the hold from its successor', async () => {
    const hold = stuckWrite((input) => input.includes('SET #holder'));
    await start([{ kind: 'resetBefore' }, { kind: 'createLate', afterMs: 5_000, answer: 'created' }], [], hold);
    const first = await system.ask({ endpoint, key: 'k' });
    await system.pass(retryAfterOf(first));
    const second = system.ask({ endpoint, key: 'k' });
    await system.pass(2_000);
    const held = await read(nameKey());
    expect(await hold.apply()).toBe('ConditionalCheckFailedException');
    expect(await read(nameKey())).toEqual(held);
    expect(await second).toMatchObject({ answered: 201, how: 'created' });
  });

  it('that records a resource does not release the name under which another attempt sends', async () => {
    const take = stuckWrite((input) => input.includes('"#taken"') && input.includes('REMOVE'));
    await start([undefined, { kind: 'createLate', afterMs: 5_000, answer: 'created' }], [], take);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201 });
    const other = system.ask({ endpoint, key: 'other' });
    await system.pass(1_000);
    await take.apply();
    expect(await read(nameKey())).toHaveProperty('holder');
    expect(await system.ask({ endpoint, key: 'third' })).toMatchObject({ answered: 409 });
    expect(await other).toMatchObject({ answered: 201, how: 'created' });
  });

  it('of an earlier send does not move back the time of the last send', async () => {
    const renew = stuckWrite((input) => input.includes('SET #lease'));
    const limit: Fault = { kind: 'limit', retryAfter: 5 };
    await start([limit, limit, { kind: 'createThenReset' }], lagging(58_000), renew);
    await system.ask({ endpoint, key: 'k', dies: dyingAt('after PingOne create', 3) });
    const before = await read(requestKey('k'));
    expect(await renew.apply()).toBe('ConditionalCheckFailedException');
    expect(await read(requestKey('k'))).toEqual(before);
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect(made()).toHaveLength(1);
  });

  it('of a rejection, whose answer was lost, is not reported as a failure of the ledger', async () => {
    let lose = true;
    const intercept: SystemOptions['intercept'] = async (moment, { input }) => {
      const isRejection = moment === 'after' && JSON.stringify(input).includes('"PINGONE_REFUSED"');
      if (!isRejection || !lose) return undefined;
      lose = false;
      return 'reset';
    };
    await start([{ kind: 'refuse', status: 400, code: 'INVALID_DATA' }], [], { intercept });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 400 });
    expect(lose).toBe(false);
  });
});

describe('an overtaken attempt', () => {
  it('does not release the name while its successor sends', async () => {
    await start([{ kind: 'createLate', afterMs: 6_000, answer: 'created' }]);
    const gate = frozen();
    const first = system.ask({ endpoint, key: 'k', sleeps: { 'before ledger hold': gate.until } });
    await system.pass(80_000);
    const second = system.ask({ endpoint, key: 'k' });
    await system.pass(2_000);
    gate.thaw();
    expect(await first).toMatchObject({ answered: 409 });
    expect(await system.ask({ endpoint, key: 'other' })).toMatchObject({ answered: 409 });
    expect(creates()).toBe(1);
    expect(await second).toMatchObject({ answered: 201, how: 'created' });
    expect(made()).toHaveLength(1);
  });

  it('does not close the request for which its successor still sends', async () => {
    await start([undefined, { kind: 'createLate', afterMs: 6_000, answer: 'created' }], lagging(300_000), {
      timings: { graceLost: 1_000, graceAnswered: 1_000 },
    });
    const gate = frozen();
    const first = system.ask({ endpoint, key: 'k', sleeps: { 'after PingOne create': gate.until } });
    await system.pass(60_000);
    const second = system.ask({ endpoint, key: 'k' });
    await system.pass(2_000);
    gate.thaw();
    // Past the promise, as its list is: two resources. The name stays held until the second send has ended.
    expect(await first).toMatchObject({ answered: 201 });
    expect(await read(requestKey('k'))).toMatchObject({ state: 'sending' });
    expect(await system.ask({ endpoint, key: 'other' })).toMatchObject({ answered: 409 });
    expect(await second).toMatchObject({ answered: 201 });
    expect(system.logged).toContainEqual(expect.objectContaining({ alarm: 'SECOND_RESOURCE', resources: made() }));
  });
});

describe('a resource that PingOne does not show', () => {
  const hidden = (isHidden: () => boolean): SystemOptions['sandbox'] => ({
    alter: (arrival, outgoing) =>
      isHidden() && arrival.method === 'GET' && /connectorInstances\/[^/]+$/.test(arrival.path) ? notFound() : outgoing,
  });

  it('is not reported as gone while PingOne may still show it late', async () => {
    let isHidden = true;
    await start([], [], { sandbox: hidden(() => isHidden) });
    await system.ask({ endpoint, key: 'k' });
    const retried = await system.ask({ endpoint, key: 'k' });
    expect(retried).toMatchObject({ answered: 503, problem: { code: 'PINGONE_UNREACHABLE' } });
    expect(retryAfterOf(retried)).toBe(graceLost + clockSkew);
    isHidden = false;
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
  });

  it('is reported as existing after its adoption, until it is known to be gone', async () => {
    await start();
    await system.ask({ endpoint, key: 'k', dies: dyingAt('after ledger assign') });
    const { authorization } = system.sandbox.requests.at(-1)?.headers ?? {};
    await fetch(`${system.sandbox.apiBase}${collectionOf(endpoint)}/${made()[0]}`, {
      method: 'DELETE',
      headers: { authorization: String(authorization) },
    });
    await system.pass(45_000);
    const adopted = await system.ask({ endpoint, key: 'k' });
    expect(adopted).toMatchObject({ answered: 503, problem: { code: 'PINGONE_UNREACHABLE' } });
    expect(await read(requestKey('k'))).toMatchObject({ state: 'created' });
    await system.pass(retryAfterOf(adopted) - 1_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 503 });
    await system.pass(1_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 410,
      problem: { code: 'RESOURCE_GONE' },
    });
    expect(creates()).toBe(1);
  });
});

describe('a member that PingOne stores in another form', () => {
  const upper = '3FA85F64-5717-4562-B3FC-2C963F66AFA6';
  it.each([
    ['properties that are empty', endpoint, { properties: {} }],
    ['properties that are null', endpoint, { properties: null }],
    ['a property without a value', endpoint, { properties: { a: { value: null }, b: {}, c: { value: [] } } }],
    ['an empty access control', operation, { accessControl: {} }],
    ['a scope that is null', operation, { accessControl: { scope: null } }],
    ['an empty custom access control', operation, { accessControl: { custom: {} } }],
    ['ids in upper case', operation, { accessControl: { group: { groups: [{ id: upper }] } } }],
  ] as const)('is found with %s', async (_, of, members) => {
    await start([{ kind: 'createThenReset' }]);
    const body = { ...of.example.body, ...members };
    expect(await system.ask({ endpoint: of, key: 'k', body })).toMatchObject({ answered: 201, how: 'adopted' });
    expect([creates(), made(of).length]).toEqual([1, 1]);
    expect(await system.ask({ endpoint: of, key: 'k', body })).toMatchObject({ answered: 201, how: 'replayed' });
  });
});

describe('two functions with different clocks', () => {
  /** Two clocks that differ by the promised bound, and by a millisecond more. */
  const apart = [
    ['within the bound', clockSkew, 409, 1],
    ['past the bound', clockSkew + 1, 201, 2],
  ] as const;

  it.each(apart)("respect each other's lease: %s", async (_, skewMs, answered) => {
    await start([{ kind: 'createLate', afterMs: 60_000, answer: 'never' }]);
    await system.ask({ endpoint, key: 'k', withinMs: attempt, dies: dyingAt('before PingOne create') });
    // By the owner's own clock the lease has its last moment.
    await system.pass(attempt + leaseMargin);
    const second = await system.ask({ endpoint, key: 'k', skewMs, withinMs: 9_000 });
    expect(second.answered === 409 ? 409 : 201).toBe(answered);
  });

  it.each(apart)("respect the grace period of each other's sends: %s", async (_, skewMs, __, resources) => {
    const lists = lagging(graceAnswered);
    await start([{ kind: 'createThenAnswer', status: 500 }], lists);
    expect(await system.ask({ endpoint, key: 'k', withinMs: 9_000 })).toMatchObject({ answered: 504 });
    const { endedBy } = Object(await read(requestKey('k')));
    const [resource] = system.sandbox.resources(collectionOf(endpoint));
    // Listed in the last moment that is promised.
    lists.splice(0, Infinity, ...lagging(endedBy + graceAnswered - Date.parse(String(resource?.createdAt))));
    await system.pass(endedBy + graceAnswered - 1_500 - system.clock.now());
    const second = await system.ask({ endpoint, key: 'k', skewMs });
    expect(second).toMatchObject({ answered: 201, how: resources === 1 ? 'adopted' : 'created' });
    expect(made()).toHaveLength(resources);
  });
});

describe('a PingOne clock that is behind ours', () => {
  const behind = (milliseconds: number): SystemOptions['sandbox'] => ({
    alter: (arrival, outgoing) =>
      arrival.method === 'GET' && typeof outgoing === 'object' && 'body' in outgoing
        ? {
            ...outgoing,
            body: String(outgoing.body).replace(
              /"createdAt":"([^"]+)"/g,
              (_, date) => `"createdAt":"${new Date(Date.parse(date) - milliseconds).toISOString()}"`,
            ),
          }
        : outgoing,
  });

  it.each([
    ['within the bound', pingOneSkew - 1_000, 'adopted'],
    ['past the bound', pingOneSkew + 1_000, 'created'],
  ])('%s', async (_, milliseconds, how) => {
    await start([{ kind: 'createThenAnswer', status: 500 }], [], { sandbox: behind(milliseconds) });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how });
  });
});

describe('the identity of a resource', () => {
  const byHand = async (of: Endpoint, body: object) => {
    await system.ask({ endpoint: endpoint, key: 'warm', body: { ...endpoint.example.body, name: 'Warm' } });
    const { authorization } = system.sandbox.requests.at(-1)?.headers ?? {};
    const headers = { authorization: String(authorization), 'content-type': 'application/json' };
    await fetch(`${system.sandbox.apiBase}${collectionOf(of)}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  };

  it('is not matched by asterisks: in a path they are no mask', async () => {
    await start([undefined, undefined, { kind: 'resetBefore' }]);
    const { body } = operation.example;
    await byHand(operation, { ...body, paths: body.paths.map((path) => ({ ...path, pattern: '**' })) });
    expect(await askUntilDone({ endpoint: operation, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(made(operation)).toHaveLength(2);
  });

  it.each([
    ['in compatibility form', '\ufb01x', 'fix'],
    ['in lower case', 'API_X', 'api_x'],
    ['with one blank', 'a  b', 'a b'],
  ])('that PingOne stores %s creates nothing twice', async (_, name, kept) => {
    await start([{ kind: 'createThenReset' }], [], {
      sandbox: {
        alter: (arrival, outgoing) =>
          arrival.method === 'GET' && typeof outgoing === 'object' && 'body' in outgoing
            ? { ...outgoing, body: String(outgoing.body).replaceAll(JSON.stringify(name), JSON.stringify(kept)) }
            : outgoing,
      },
    });
    const body = { ...endpoint.example.body, name };
    for (let tries = 0; tries < 3; tries++) {
      expect(await system.ask({ endpoint, key: 'k', body })).toMatchObject({
        answered: 504,
        problem: { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining(String(made()[0])) },
      });
      await system.pass(120_000);
    }
    expect([creates(), made().length]).toEqual([1, 1]);
  });

  it('orders names that differ only in case one after the other, and creates neither twice', async () => {
    await start([{ kind: 'createThenHang' }]);
    const body = (name: string) => ({ ...endpoint.example.body, name });
    const first = system.ask({ endpoint, key: 'one', body: body('Orders') });
    await system.pass(1_000);
    expect(await system.ask({ endpoint, key: 'two', body: body('orders') })).toMatchObject({ answered: 409 });
    expect(await first).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
    expect(await askUntilDone({ endpoint, key: 'two', body: body('orders') })).toMatchObject({
      answered: 201,
      id: made()[1],
    });
    expect(made()).toHaveLength(2);
  });
});

it('an attempt writes the ledger shortly after its deadline, so that its answer has the outcome', async () => {
  await start();
  const begun = system.clock.now();
  await system.ask({ endpoint, key: 'k', withinMs: 20_000 });
  expect(system.ledgerDeadlines).toEqual([begun + 20_000 + closing]);
});

describe('the answer to a caller', () => {
  it('with little time left is not OUTCOME_UNKNOWN: nothing is sent', async () => {
    await start([{ kind: 'limit', retryAfter: 19 }]);
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({ answered: 429, problem: { facts: { retryAfterMs: 19_000 } } });
    expect(creates()).toBe(1);
    await system.close();
    await start();
    expect(await system.ask({ endpoint, key: 'k', withinMs: attempt - 1 })).toMatchObject({
      answered: 503,
      problem: { code: 'PINGONE_UNREACHABLE', facts: { idempotencyKey: 'k' } },
    });
    expect(creates()).toBe(0);
  });

  it('while the ledger fails does not deny that an earlier attempt may have sent', async () => {
    let isDown = false;
    await start([{ kind: 'createThenReset' }], lagging(50_000), {
      intercept: async (moment, { service }) =>
        moment === 'before' && isDown && service.startsWith('DynamoDB') ? throttled() : undefined,
    });
    await system.ask({ endpoint, key: 'k' });
    isDown = true;
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({
      answered: 503,
      problem: {
        message: expect.stringContaining(
          'this attempt sent nothing, but an earlier one may have. Retry with the same key',
        ),
      },
    });
  });

  it('after the claim of an open request, when the ledger fails, is OUTCOME_UNKNOWN', async () => {
    let isDown = false;
    await start([{ kind: 'createThenReset' }], lagging(50_000), {
      intercept: async (moment, { service, input }) =>
        moment === 'before' && isDown && service.startsWith('DynamoDB') && JSON.stringify(input).includes('SET #holder')
          ? throttled()
          : undefined,
    });
    const first = await system.ask({ endpoint, key: 'k' });
    await system.pass(retryAfterOf(first) - 40_000);
    isDown = true;
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 504,
      problem: { code: 'OUTCOME_UNKNOWN' },
    });
  });

  it('for another key of the name is about its own request', async () => {
    await start([{ kind: 'createThenReset' }], lagging(50_000));
    await system.ask({ endpoint, key: 'k' });
    const his = await system.ask({ endpoint, key: 'b', caller: 'bob' });
    expect(his).toMatchObject({
      answered: 409,
      problem: { code: 'REQUEST_IN_PROGRESS', message: expect.stringContaining('this attempt sent nothing') },
    });
    expect(JSON.stringify(his)).not.toContain(made()[0]);
  });
});

describe('a wait that PingOne requests', () => {
  it.each(['0', '-1', '1.5', '', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', '2020-01-01'])(
    'of %o does not shorten our own backoff',
    async (retryAfter) => {
      await start([], [], {
        sandbox: { intercept: async (moment) => (moment === 'before' ? limited(retryAfter) : undefined) },
      });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 429 });
      expect(creates()).toBeLessThan(40);
    },
  );

  it('for a token is awaited, and reported', async () => {
    let isLimited = true;
    await start([], [], {
      sandbox: {
        alter: (arrival, outgoing) => (isLimited && arrival.path.endsWith('/token') ? limited('40') : outgoing),
      },
    });
    const first = await system.ask({ endpoint, key: 'k' });
    expect(first).toMatchObject({ answered: 503, problem: { facts: { retryAfterMs: 40_000 } } });
    const tokens = () => system.sandbox.requests.filter(({ path }) => path.endsWith('/token')).length;
    await system.pass(39_000);
    await system.ask({ endpoint, key: 'k' });
    expect(tokens()).toBe(1);
    isLimited = false;
    await system.pass(1_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201 });
    expect(tokens()).toBe(2);
  });

  it('before a list is read again is awaited', async () => {
    const begun: number[] = [];
    let lists = 0;
    await start([{ kind: 'createThenReset' }], [], {
      sandbox: {
        alter: (arrival, outgoing) => {
          if (arrival.method !== 'GET' || !arrival.path.endsWith('/connectorInstances')) return outgoing;
          begun.push(system.clock.now());
          return lists++ === 0 ? limited('7') : outgoing;
        },
      },
    });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect(Number(begun[1]) - Number(begun[0])).toBeGreaterThanOrEqual(7_000);
  });
});
