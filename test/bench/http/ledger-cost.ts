import type { Item } from '../../harness/dynamodb/apply-change.ts';
import { itemBytes, writeUnits } from '../../harness/dynamodb/item-size.ts';
import type { Observed } from '../aws-observer.ts';
import { sum } from '../median.ts';
import { farMs, type SecureStandIns } from './secure-stand-ins.ts';
import type { Subject } from './subjects.ts';
import { startWarm } from './warm.ts';

/** The AWS calls of creates; one value for each create. */
export interface LedgerCost {
  readonly roundTrips: readonly number[];
  /** DynamoDB's, while a name has one resource, two, and so on up to eight. */
  readonly writeUnits: readonly number[];
  /** Size of the request's item at its largest. */
  readonly requestBytes: readonly number[];
}

/** Observes the AWS calls of warm creates, one at a time. */
export const measureLedgerCost = async (ours: readonly Subject[], standIns: SecureStandIns): Promise<LedgerCost> => {
  const [warm] = await startWarm(ours, standIns.far.http, standIns);
  if (!warm) throw new Error('there is no function');
  const observe = (name?: string) =>
    standIns.observeAws(() => warm.run({ requests: 1, inFlight: 1, ...(name !== undefined && { name }) }));
  try {
    // Opens more sockets than one create uses.
    await warm.run({ requests: 40, inFlight: 10 });
    const creates: Observed[] = [];
    while (creates.length < 20) creates.push(await observe());
    const sameName: Observed[] = [];
    while (sameName.length < 8) sameName.push(await observe('one name'));
    return {
      roundTrips: creates.map(({ answeredAt }) => roundTripsOf(answeredAt)),
      writeUnits: sameName.map(({ writes }) => sum(writes.map((write) => writeUnits(...write)))),
      requestBytes: sameName.map(({ writes }) => Math.max(...writes.map(([, after]) => requestBytesOf(after)))),
    };
  } finally {
    warm.close();
  }
};

/** Number of calls that waited for another answer: each comes a round trip later. */
const roundTripsOf = (answeredAt: readonly number[]): number => {
  let roundTrips = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (const at of answeredAt) {
    if (at - latest < farMs / 2) continue;
    latest = at;
    roundTrips++;
  }
  return roundTrips;
};

const requestBytesOf = (item: Item | undefined): number =>
  String(item?.pk).includes('#request#') ? itemBytes(item ?? {}) : 0;
