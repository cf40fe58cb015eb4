import { compare } from '../compare.ts';
import { isOpen, scanLedger } from './ledger-scan.ts';
import type { Records } from './records.ts';
import type { World } from './world.ts';

/** Broken guarantees: none within the bounds. */
export interface Breaches {
  /** Resources of one request beyond its first. */
  readonly duplicates: number;
  /** Resources in an answer that do not exist, or that answers to two requests name. */
  readonly losses: number;
  /** Resources that neither an answer nor the ledger names. */
  readonly orphans: number;
  /** Requests that are `sending`, `accepted` or `unknown`. */
  readonly open: number;
  /** Names that an open request holds. */
  readonly holders: number;
  /** Events and accepted requests without an outcome on the bus, or that are still in a queue. */
  readonly misplaced: number;
  /** Requests with two resources in their answers, and arrivals with two outcomes on the bus. */
  readonly 'second outcomes': number;
}

export interface Audit {
  readonly resources: number;
  readonly breaches: Breaches;
  /** The requests and arrivals to look for in the journal. */
  readonly suspects: readonly string[];
}

/** Compares the resources in PingOne with the ledger, the answers and the outcomes on the bus. */
export const audit = async (world: World, records: Records): Promise<Audit> => {
  const { requests, holders, owners } = await scanLedger(world.awsEndpoint);
  const { results, arrivals, answers, outcomes, accepted } = records;
  const { resources, duplicates, losses, orphans } = compare(world, results, arrivals, world.senders, owners);

  const open = [...requests].filter(([, item]) => isOpen(item)).map(([id]) => id);
  const held = holders.filter((id) => isOpen(requests.get(id)));
  const left = new Set(
    [...world.queues.values()].flatMap(({ queue, deadLetters }) =>
      [...queue.messages(), ...deadLetters.messages()].map(({ body }) => arrivalIn(body)),
    ),
  );
  const awaited = [...arrivals.keys()].filter((id) => id.startsWith('event ')).concat(...accepted);
  const misplaced = awaited.filter((id) => !outcomes.has(id) || left.has(id));
  const several = [...answers, ...outcomes].filter(([, named]) => named.size > 1).map(([id]) => id);
  const twice = [...owners.values()].filter((id, index, all) => all.indexOf(id) !== index);
  const unrecorded = [...world.senders].filter(([resource]) => !owners.has(resource)).map(([, arrival]) => arrival);
  return {
    resources,
    breaches: {
      duplicates,
      losses,
      orphans,
      open: open.length,
      holders: held.length,
      misplaced: misplaced.length,
      'second outcomes': several.length,
    },
    suspects: [...new Set([...open, ...held, ...misplaced, ...several, ...twice, ...unrecorded])],
  };
};

const arrivalIn = (message: string): string => {
  const { id, arrivalID } = Object(JSON.parse(message));
  return String(id ?? arrivalID);
};
