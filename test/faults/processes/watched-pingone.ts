import { invocationOf } from '../../../infra/local/loopback/invocation-header.ts';
import type { SandboxOptions } from '../../../infra/local/sandbox/sandbox.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import type { Journal } from './journal.ts';
import type { SendDelays } from './send-delays.ts';
import type { Strikes } from './strikes.ts';
import type { Weather } from './weather.ts';

interface Watchers {
  readonly strikes: Strikes;
  readonly delays: SendDelays;
  /** Resource id -> the id of the arrival that made PingOne create it. */
  readonly senders: Map<string, string>;
  readonly journal: Journal;
}

/** A sandbox that logs every call; a call may kill or freeze the process that makes it. */
export const watchedPingOne = (
  { faults, keepAliveMs }: Weather,
  { strikes, delays, senders, journal: { note } }: Watchers,
): SandboxOptions => ({
  endpoints,
  faults,
  keepAliveMs,
  intercept: async (moment, { arrival }, resource) => {
    if (moment === 'before') delays.sent(arrival);
    if (resource) {
      senders.set(resource.id, String(arrival.headers['x-ping-external-transaction-id']));
      note(invocationOf(arrival), `PingOne has ${resource.id}`);
    }
    return undefined;
  },
  watch: {
    called: (arrival) => {
      note(invocationOf(arrival), `PingOne ${arrival.method} ${arrival.path} …`);
      strikes.step(invocationOf(arrival));
    },
    answered: (arrival, outgoing) => {
      const answer = typeof outgoing === 'string' ? outgoing : outgoing.status;
      note(invocationOf(arrival), `PingOne ${arrival.method} ${arrival.path} ${answer}`);
      strikes.step(invocationOf(arrival));
    },
  },
});
