import type { Reply } from '../loopback/reply.ts';
import { type FailureStatus, failure } from './failure.ts';
import type { FaultOf, Kinds } from './fault-kind.ts';
import { between, pick } from './random.ts';

/** What can go wrong with a list, by kind; times in milliseconds. */
interface ListFaults {
  listFails: { readonly answer: Exclude<FailureStatus, 408> | 'reset' };
  listLags: { readonly lagMs: number };
}

/** A list meets at most one. */
export type ListFault = FaultOf<ListFaults>;

export type ListFaultKind = keyof ListFaults;

/** What a fault can do with its list. */
export interface ListScene {
  /** Lists what was stored at least some milliseconds ago. */
  list(lagMs: number): Reply;
}

/** Every fault of lists: the only place that knows their names. */
export const listFaults: Kinds<ListFaults, ListScene, Reply | 'reset'> = {
  listFails: {
    about: '500, 502, 503, 504, or a reset connection',
    draw: (random) => ({ answer: pick(random, [500, 502, 503, 504, 'reset']) }),
    run: ({ answer }) => (answer === 'reset' ? answer : failure(answer)),
  },
  listLags: {
    about: 'a resource shows only some seconds after it was created',
    // Later than an attempt looks that has no time for the grace period.
    draw: (random) => ({ lagMs: between(random, 4_000, 8_000) }),
    run: ({ lagMs }, { list }) => list(lagMs),
  },
};

/** What becomes of a list that meets this fault. */
export const meetListFault = <Name extends ListFaultKind>(fault: FaultOf<ListFaults, Name>, scene: ListScene) =>
  listFaults[fault.kind].run(fault, scene);

/** A fault of a kind, its parameters drawn at random. */
export const drawListFault = <Name extends ListFaultKind>(
  kind: Name,
  random: () => number,
): FaultOf<ListFaults, Name> => ({ kind, ...listFaults[kind].draw(random) });
