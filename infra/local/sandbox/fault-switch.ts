import { createFaults } from './create-faults.ts';
import { deployFaults } from './deploy-faults.ts';
import { draw, type FaultOf, type Kinds, namesIn } from './fault-kind.ts';
import { any, type FaultProfile } from './fault-profile.ts';
import { listFaults } from './list-faults.ts';
import { seededRandom } from './random.ts';
import type { Faults } from './sandbox.ts';

/** Faults that a person switches on and off while the sandbox runs. */
export const createFaultSwitch = (initial: FaultProfile) => {
  let profile = initial;
  let random = seededRandom(initial.seed);

  const choose = <ByName extends Readonly<Record<keyof ByName, object>>>(
    kinds: Kinds<ByName, never, unknown>,
    chosen: (keyof ByName & string) | typeof any | null,
  ): FaultOf<ByName> | undefined => {
    if (chosen === null || random() >= profile.rate) return undefined;
    const names = namesIn(kinds);
    const kind = chosen === any ? names[Math.floor(random() * names.length)] : chosen;
    return kind === undefined ? undefined : draw(kinds, kind, random);
  };

  const faults: Faults = {
    create: () => choose(createFaults, profile.create),
    list: () => choose(listFaults, profile.list),
    deploy: () => choose(deployFaults, profile.deploy),
  };

  return {
    faults,
    get profile() {
      return profile;
    },
    /** Replaces the profile, and starts its random numbers anew. */
    set: (next: FaultProfile): void => {
      profile = next;
      random = seededRandom(next.seed);
    },
  };
};

export type FaultSwitch = ReturnType<typeof createFaultSwitch>;
