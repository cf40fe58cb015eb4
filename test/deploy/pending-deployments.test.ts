import { describe, expect, it, onTestFinished } from 'vitest';
import type { Outgoing } from '../../infra/local/loopback/outgoing.ts';
import { deployFaults } from '../../infra/local/sandbox/deploy-faults.ts';
import { failure } from '../../infra/local/sandbox/failure.ts';
import { draw } from '../../infra/local/sandbox/fault-kind.ts';
import { deployKinds } from '../../infra/local/sandbox/fault-profile.ts';
import { seededRandom } from '../../infra/local/sandbox/random.ts';
import type { Step } from '../harness/system.ts';
import { type Deployed, type DeployedOptions, endpoint, grantsWith, startDeployed } from './deployed-system.ts';

const start = async (options?: DeployedOptions): Promise<Deployed> => {
  const system = await startDeployed(options);
  onTestFinished(system.end);
  return system;
};

const hour = 3_600_000;
const names = (count: number) => Array.from({ length: count }, (_, index) => `operation ${index}`);

describe('operations of one API service', () => {
  it('that are created in a burst of 100 are enforced after at most three deployments, never two at a time', async () => {
    const system = await start({ sandbox: { deploysInMs: 8_000 } });
    const created = names(100).map(async (name, index) => {
      await system.pass(index * 200);
      return system.create(name);
    });
    expect(new Set((await Promise.all(created)).map(({ answered }) => answered))).toEqual(new Set([201]));
    await system.pass(120_000);
    expect(system.state()).toMatchObject({ configured: 100, enforced: 100, mostAtOnce: 1 });
    expect(system.state()?.count).toBeLessThanOrEqual(3);
    expect(system.told().size).toBe(100);
    expect(system.deployer.queue.messages()).toEqual([]);
  }, 60_000);

  it('are enforced in the end, although half of the deployments fail, functions die and messages come twice or late', async () => {
    const random = seededRandom(21);
    const fate = () => {
      const at = random() < 0.3 ? Math.floor(random() * 12) : Number.POSITIVE_INFINITY;
      let step = 0;
      return () => step++ === at;
    };
    const deploy = () => {
      const kind = deployKinds[Math.floor(random() * deployKinds.length)];
      return random() < 0.5 && kind ? draw(deployFaults, kind, random) : undefined;
    };
    const system = await start({ dies: fate, sandbox: { deploysInMs: 3_000, faults: { deploy } } });
    const create = async (name: string) => {
      for (let tries = 0; tries < 30; tries++) {
        if ((await system.create(name, { dies: fate() })).answered === 201) return true;
        await system.pass(30_000);
      }
      return false;
    };
    const created = names(100).map(async (name, index) => {
      await system.pass(index * 500);
      return create(name);
    });
    const sent = new Set<string>();
    for (let nth = 0; nth < 10; nth++) {
      await system.pass(10_000);
      const bodies = system.deployer.queue.messages().map(({ body }) => body);
      for (const body of new Set(bodies.filter((each) => !sent.has(each)))) await system.deployer.send(body);
      for (const body of bodies) sent.add(body);
    }
    expect(new Set(await Promise.all(created))).toEqual(new Set([true]));
    await system.pass(24 * hour);
    for (const body of sent) await system.deployer.send(body);
    await system.pass(24 * hour);
    expect(system.state()).toMatchObject({ configured: 100, enforced: 100, mostAtOnce: 1 });
    expect(system.told().size).toBe(100);
    const { wanted, deployed, wantedAt } = (await system.deployer.item()) ?? {};
    expect([deployed, wantedAt]).toEqual([wanted, undefined]);
    expect(system.deployer.queue.messages()).toEqual([]);
    expect(system.deployer.deadLetters.messages()).toEqual([]);
  }, 120_000);

  it('are queued with only what their deployment needs', async () => {
    const system = await start();
    await system.create('one');
    const [message] = system.deployer.queue.messages();
    expect(Object.keys(JSON.parse(message?.body ?? '')).toSorted()).toEqual([
      'caller',
      'number',
      'parameters',
      'requestID',
      'resource',
      'source',
    ]);
  });
});

/** The steps of one create and its deployment, in their order. */
const stepsOf = async (deploysAfter: boolean) => {
  const steps: { readonly create: Step[]; readonly deploy: Step[] } = { create: [], deploy: [] };
  const noted = (list: Step[]) => (step: Step) => {
    list.push(step);
    return false;
  };
  const system = await startDeployed({ dies: () => noted(steps.deploy) });
  await system.create('one', { dies: noted(steps.create), deploysAfter });
  await system.pass(60_000);
  await system.end();
  return steps;
};

const { create: createSteps, deploy: deploySteps } = await stepsOf(true);

describe('a function that dies', () => {
  it.each(createSteps)('while it creates, %s, leaves an operation that is enforced after a retry', async (step) => {
    const system = await start();
    expect(await system.create('one', { dies: (at) => at === step })).toEqual({ answered: 'died' });
    await system.pass(90_000);
    for (let tries = 0; (await system.create('one')).answered !== 201 && tries < 10; tries++) await system.pass(30_000);
    await system.pass(60_000);
    expect(system.state()).toMatchObject({ configured: 1, enforced: 1, mostAtOnce: 1 });
    expect(system.told().size).toBe(1);
  });

  it.each(deploySteps)('while it deploys, %s, leaves a pending deployment that is made later', async (step) => {
    let hasDied = false;
    const dies = () => (at: Step) => {
      if (hasDied || at !== step) return false;
      hasDied = true;
      return true;
    };
    const system = await start({ dies });
    expect((await system.create('one')).answered).toBe(201);
    await system.pass(2 * hour);
    expect(hasDied).toBe(true);
    expect(system.state()).toMatchObject({ configured: 1, enforced: 1, mostAtOnce: 1 });
    expect(system.told().size).toBe(1);
    expect(system.deployer.queue.messages()).toEqual([]);
  });
});

describe('a pending deployment', () => {
  it('costs a create one write and one message, and a create without it nothing', async () => {
    const calls = (steps: readonly Step[]) => steps.filter((step) => step.startsWith('before')).toSorted();
    const { create: plain, deploy } = await stepsOf(false);
    expect(deploy).toEqual([]);
    expect(calls(createSteps)).toEqual(calls([...plain, 'before ledger add', 'before SQS send']));
    expect(calls(plain)).toEqual(
      [
        'ledger claim',
        'ledger hold',
        'ledger readName',
        'ledger assign',
        'ledger close',
        'PingOne token',
        'PingOne create',
      ]
        .map((call) => `before ${call}`)
        .toSorted(),
    );
  });

  it('is counted and sent before the request is closed', () => {
    const at = (step: Step) => createSteps.indexOf(step);
    expect(at('after ledger add')).toBeLessThan(at('before SQS send'));
    expect(at('after SQS send')).toBeLessThan(at('before ledger close'));
  });

  it('that comes while a deployment runs causes one more', async () => {
    const system = await start({ sandbox: { deploysInMs: 30_000 } });
    await system.create('one');
    await system.pass(20_000);
    expect(system.state()).toMatchObject({ running: 1 });
    await system.create('two');
    await system.pass(120_000);
    expect(system.state()).toMatchObject({ configured: 2, enforced: 2, count: 2, mostAtOnce: 1 });
  });

  it('that another deployment covers is published soon after that', async () => {
    const system = await start();
    await system.create('one');
    await system.pass(100);
    await system.create('two');
    await system.pass(30_000);
    expect(system.state()).toMatchObject({ configured: 2, enforced: 2, count: 1 });
    expect(system.told().size).toBe(2);
  });

  it('is met by a deployment that takes longer than the function waits', async () => {
    const system = await start({ sandbox: { deploysInMs: 80_000 } });
    await system.create('one');
    await system.pass(300_000);
    expect(system.state()).toMatchObject({ configured: 1, enforced: 1, count: 1, mostAtOnce: 1 });
    expect(system.told().size).toBe(1);
  });

  it('is not deployed while an earlier deployment may run and its state cannot be read', async () => {
    let isReadable = false;
    const alter = ({ method, path }: { readonly method: string; readonly path: string }, outgoing: Outgoing) =>
      !isReadable && method === 'GET' && path.endsWith('/deployment') ? failure(503) : outgoing;
    const system = await start({ sandbox: { deploysInMs: 100_000, alter } });
    await system.create('one');
    await system.pass(200_000);
    expect(system.state()).toMatchObject({ count: 1, mostAtOnce: 1 });
    expect(system.told().size).toBe(0);
    isReadable = true;
    await system.pass(hour);
    expect(system.state()).toMatchObject({ enforced: 1, count: 1, mostAtOnce: 1 });
    expect(system.told().size).toBe(1);
  });

  it.each([
    [{ kind: 'deployLimited', retryAfter: 300 } as const, 300_000],
    [{ kind: 'deployBusy' } as const, 10_000],
  ])('waits after %j', async (fault, waitMs) => {
    let isFaulty = true;
    const system = await start({ sandbox: { faults: { deploy: () => (isFaulty ? fault : undefined) } } });
    await system.create('one');
    await system.pass(20_000);
    isFaulty = false;
    await system.pass(waitMs - 15_000);
    expect(system.state()?.enforced).toBe(0);
    await system.pass(30_000);
    expect(system.state()).toMatchObject({ enforced: 1, count: 1 });
    expect(system.deployer.outcomes.filter(({ type }) => type.endsWith('DeploymentFailed'))).toEqual([]);
  });

  it('is not deployed if its grant was revoked meanwhile', async () => {
    let grants = grantsWith('after');
    const system = await start({ grants: () => grants });
    await system.create('one');
    grants = grantsWith('call');
    await system.pass(hour);
    expect(system.state()?.count ?? 0).toBe(0);
    expect(system.deployer.outcomes).toMatchObject([
      { type: 'ApiServiceDeploymentFailed', detail: { code: 'ACCESS_FAILED', status: 403, isRetried: false } },
    ]);
    expect(await system.deployer.item()).toMatchObject({ wanted: 1, deployed: 0, error: 'ACCESS_FAILED' });
  });

  it('goes to the dead letters if it is none', async () => {
    const system = await start();
    await system.deployer.send('{ "number": 1 }');
    await system.pass(5_000);
    expect(system.deployer.deadLetters.messages()).toHaveLength(1);
    expect(system.deployer.queue.messages()).toEqual([]);
  });

  it('of another request of the name is made when that request is closed for it', async () => {
    const system = await start();
    const step: Step = 'after PingOne create';
    await system.create('one', { dies: (at) => at === step });
    await system.pass(120_000);
    // Another key, and a grant that does not say so.
    for (let tries = 0; tries < 5; tries++) {
      await system.create('one', { key: 'other', deploysAfter: false });
      await system.pass(60_000);
    }
    const { configured, enforced } = system.state() ?? {};
    expect(configured).toBeGreaterThan(0);
    expect(system.told().size).toBe(1);
    expect(enforced).toBeGreaterThan(0);
    expect(endpoint.deployment).toBeDefined();
  });
});
