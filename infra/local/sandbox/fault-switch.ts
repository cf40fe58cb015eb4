import { drawFault } from './create-faults.ts';
import { drawDeployFault } from './deploy-faults.ts';
import { any, createKinds, deployKinds, type FaultProfile, listKinds } from './fault-profile.ts';
import { drawListFault } from './list-faults.ts';
import { seededRandom } from './random.ts';
import type { Faults } from './sandbox.ts';

/** Faults that a person switches on and off while the sandbox runs. */
export const createFaultSwitch = (initial: FaultProfile) => {
  let profile = initial;
  let random = seededRandom(initial.seed);

  const choose = <Kind extends string>(chosen: Kind | typeof any | null, kinds: readonly Kind[]): Kind | undefined => {
    if (chosen === null || random() >= profile.rate) return undefined;
    return chosen === any ? kinds[Math.floor(random() * kinds.length)] : chosen;
  };

  const faults: Faults = {
    create: () => {
      const kind = choose(profile.create, createKinds);
      return kind && drawFault(kind, random);
    },
    list: () => {
      const kind = choose(profile.list, listKinds);
      return kind && drawListFault(kind, random);
    },
    deploy: () => {
      const kind = choose(profile.deploy, deployKinds);
      return kind && drawDeployFault(kind, random);
    },
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
