import type { Reply } from '../loopback/reply.ts';
import { type FailureStatus, failure } from './failure.ts';
import type { FaultOf, Kinds } from './fault-kind.ts';
import { between, pick } from './random.ts';

/** The faults of lists by kind, with their parameters; times in milliseconds. */
interface ListFaults {
  listFails: { readonly answer: Exclude<FailureStatus, 408> | 'reset' };
  listLags: { readonly lagMs: number };
}

/** The fault of one list. */
export type ListFault = FaultOf<ListFaults>;

/** The list that meets a fault. */
export interface FaultyList {
  /** Lists the resources that are older than `lagMs`. */
  list(lagMs: number): Reply;
}

/** Every fault of lists. No other file lists their names. */
export const listFaults: Kinds<ListFaults, FaultyList, Reply | 'reset'> = {
  listFails: {
    summary: '500, 502, 503, 504, or a reset connection',
    draw: (random) => ({ answer: pick(random, [500, 502, 503, 504, 'reset']) }),
    run: ({ answer }) => (answer === 'reset' ? answer : failure(answer)),
  },
  listLags: {
    summary: 'a resource shows only some seconds after it was created',
    // Longer than an attempt without time for the grace period waits before it lists.
    draw: (random) => ({ lagMs: between(random, 4_000, 8_000) }),
    run: ({ lagMs }, { list }) => list(lagMs),
  },
};
