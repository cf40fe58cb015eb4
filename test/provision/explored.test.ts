import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../infra/local/sandbox/failure.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { defaultTimings as timings } from '../../lib/provision/timings.ts';
import { collectionOf } from '../front-door.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';

/** What test/explore has found: each schedule of it once more, over the real SDK. */

let system: System;
afterEach(() => system.close());
const start = async (options: SystemOptions = {}) => {
  system = await startSystem(options);
};

const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);

describe('the first send of a request', () => {
  it.each([1_000, 2_500])('is dated from when it left, where PingOne fails after %i ms', async (afterMs) => {
    let failed = false;
    await start({
      sandbox: {
        faults: {
          create: () => (failed ? undefined : { kind: 'createLate', afterMs, answer: 'created' }),
          list: () => undefined,
        },
        intercept: async (moment) => {
          if (moment !== 'after' || failed) return undefined;
          failed = true;
          return failure(500);
        },
        // It was made at once, by a clock that is nearly as far behind as is promised.
        alter: (_, outgoing) => {
          if (typeof outgoing !== 'object' || !('body' in outgoing)) return outgoing;
          const body = String(outgoing.body).replace(/(?<="createdAt":")[^"]+/g, (time) =>
            new Date(Date.parse(time) - afterMs - timings.pingOneSkew + 500).toISOString(),
          );
          return { ...outgoing, body };
        },
      },
    });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
    expect(made()).toHaveLength(1);
  });
});
