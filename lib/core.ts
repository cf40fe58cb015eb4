import { randomUUID } from 'node:crypto';
import type { AddPendingDeployment } from './deploy/pending-deployment.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import type { LedgerBy } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import type { Table } from './ledger/table.ts';
import { type PingOneParts, pingOneClient } from './pingone/client.ts';
import { provisionWith } from './provision/provision.ts';
import type { Provision } from './provision/request.ts';
import type { Timings } from './provision/timings.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/logger.ts';

/** The impure dependencies and settings of an endpoint's core. */
export interface CoreParts extends Omit<PingOneParts, 'timeoutMs'> {
  readonly endpoint: Endpoint;
  readonly timings: Timings;
  /** The ledger's table; its calls end by the deadline. */
  readonly table: (deadline: number) => Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  readonly newOwner?: () => string;
  readonly addPending?: AddPendingDeployment | undefined;
}

/** Wires the part that both doors share: the ledger and `provision`. */
export const coreIn = ({
  endpoint,
  timings,
  table,
  accessToken,
  send,
  clock,
  log,
  random = Math.random,
  newOwner = randomUUID,
  addPending,
}: CoreParts): { ledger: LedgerBy; provision: Provision } => {
  const ledger = (deadline: number) => openLedger(table(deadline), endpoint.name, timings.clockSkew);
  const pingOne = pingOneClient({ accessToken, send, clock, timeoutMs: timings.attempt });
  return { ledger, provision: provisionWith({ pingOne, ledger, clock, timings, random, newOwner, log, addPending }) };
};
