/** The result of a run. */
export interface Figures {
  readonly requests: number;
  readonly resources: number;
  /** Resources of one request beyond its first. */
  readonly duplicates: number;
  /** Resources in an answer that do not exist, or that answers to two requests name. */
  readonly losses: number;
  /** Resources that neither an answer nor the ledger names. */
  readonly orphans: number;
  /** Requests whose outcome is still unknown at the end. */
  readonly unknown: number;
  /** Events that are not in exactly one place: created, rejected, among the dead letters, or still in the queue. */
  readonly misplaced: number;
  readonly faults: ReadonlyMap<string, number>;
}

export const noFigures: Figures = {
  requests: 0,
  resources: 0,
  duplicates: 0,
  losses: 0,
  orphans: 0,
  unknown: 0,
  misplaced: 0,
  faults: new Map(),
};

export const sum = (one: Figures, other: Figures): Figures => ({
  requests: one.requests + other.requests,
  resources: one.resources + other.resources,
  duplicates: one.duplicates + other.duplicates,
  losses: one.losses + other.losses,
  orphans: one.orphans + other.orphans,
  unknown: one.unknown + other.unknown,
  misplaced: one.misplaced + other.misplaced,
  faults: new Map(
    [...new Set([...one.faults.keys(), ...other.faults.keys()])].map((kind) => [
      kind,
      (one.faults.get(kind) ?? 0) + (other.faults.get(kind) ?? 0),
    ]),
  ),
});

export const faultsIn = ({ faults }: Figures): number =>
  [...faults.values()].reduce((total, count) => total + count, 0);

/** Number of broken guarantees. */
export const breachesIn = ({ duplicates, losses, orphans, unknown, misplaced }: Figures): number =>
  duplicates + losses + orphans + unknown + misplaced;
