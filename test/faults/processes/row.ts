import { type Audit, audit } from './audit.ts';
import type { Journal } from './journal.ts';
import type { Records } from './records.ts';
import type { World } from './world.ts';

/** The result of a run. */
export interface Row extends Audit {
  readonly requests: number;
  readonly kills: number;
  readonly freezes: number;
  /** Kind of fault -> how many. */
  readonly faults: ReadonlyMap<string, number>;
  /** Number of processes. */
  readonly processes: number;
  /** The longest time from the record of a send until PingOne got it, in milliseconds. */
  readonly longestSendDelayMs: number;
  /** Number of sends later than the bound allows, since this machine was too busy. */
  readonly lateSends: number;
  /** Final answers that no caller should get. */
  readonly unexpected: readonly string[];
  readonly journal: Journal;
}

/** Audits a world after all requests are closed. */
export const rowOf = async (
  world: World,
  records: Records,
  run: Pick<Row, 'requests' | 'faults' | 'journal'>,
): Promise<Row> => ({
  ...run,
  ...(await audit(world, records)),
  ...world.strikes.counts(),
  processes: world.environments(),
  longestSendDelayMs: world.delays.longestMs(),
  lateSends: world.delays.late(),
  unexpected: records.unexpected,
});

/** As it is printed. */
export const columns = ({ requests, resources, breaches, kills, freezes, faults, processes }: Row) => ({
  requests,
  resources,
  ...breaches,
  kills,
  freezes,
  faults: [...faults.values()].reduce((total, count) => total + count, 0),
  processes,
});

export const breachesIn = ({ breaches, unexpected }: Row): number =>
  Object.values(breaches).reduce((total, count) => total + count, unexpected.length);
