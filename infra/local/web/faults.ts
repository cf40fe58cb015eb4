import { decodeUtf8, parseJson } from '../loopback/json.ts';
import type { Page } from '../loopback/loopback.ts';
import { json, type Reply } from '../loopback/reply.ts';
import { createFaults } from '../sandbox/create-faults.ts';
import { deployFaults } from '../sandbox/deploy-faults.ts';
import { BadFaultProfile, parseFaultProfile } from '../sandbox/fault-profile.ts';
import type { FaultSwitch } from '../sandbox/fault-switch.ts';
import { listFaults } from '../sandbox/list-faults.ts';

/** Shows the sandbox's faults and switches them. */
export const faultPages = (faults: FaultSwitch): Record<string, Page> => ({
  'GET /local/faults': async () => stateOf(faults),
  'PUT /local/faults': async ({ body }) => {
    try {
      faults.set(parseFaultProfile(parseJson(decodeUtf8(body))));
      return stateOf(faults);
    } catch (error) {
      if (error instanceof BadFaultProfile) return json(400, { message: error.message });
      throw error;
    }
  },
});

const stateOf = ({ profile }: FaultSwitch): Reply => json(200, { ...profile, kinds });

const summariesOf = (kinds: Readonly<Record<string, { readonly summary: string }>>) =>
  Object.fromEntries(Object.entries(kinds).map(([name, { summary }]) => [name, summary]));

const kinds = {
  create: summariesOf(createFaults),
  list: summariesOf(listFaults),
  deploy: summariesOf(deployFaults),
};
