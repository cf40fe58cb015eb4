import { type Flow, merged, newFlow, withStep } from './flow.ts';
import type { Sighting } from './step.ts';

export interface TrailOptions {
  /** Called with a flow that is new or has changed. */
  readonly onFlow: (flow: Flow) => void;
  /** Called with the id of a flow that became part of another, or is too old to be kept. */
  readonly onGone: (id: string) => void;
  /** How many requests are remembered, 100 by default. */
  readonly most?: number;
}

/** Finds out which request each sighting belongs to, and keeps the newest of them. */
export const createTrail = ({ onFlow, onGone, most = 100 }: TrailOptions) => {
  const flows = new Map<string, Flow>();
  /** Of every id that a request is known by, the id of its flow. */
  const owners = new Map<string, string>();
  let count = 0;

  const flowOf = (id: string | undefined): Flow | undefined =>
    id === undefined ? undefined : flows.get(owners.get(id) ?? '');

  const known = (ids: readonly (string | undefined)[]): Flow[] => [
    ...new Set(ids.map(flowOf).filter((flow) => flow !== undefined)),
  ];

  const join = (one: Flow, other: Flow): Flow => {
    const flow = merged(one, other);
    const absorbed = flow.id === one.id ? other.id : one.id;
    for (const [id, owner] of owners) if (owner === absorbed) owners.set(id, flow.id);
    flows.delete(absorbed);
    onGone(absorbed);
    if (Math.max(one.number, other.number) === count) count -= 1;
    return flow;
  };

  const open = (id: string): Flow => {
    count += 1;
    return newFlow(id, count);
  };

  const forgetOldest = (): void => {
    const [oldest] = flows.keys();
    if (oldest === undefined || flows.size <= most) return;
    flows.delete(oldest);
    for (const [id, owner] of owners) if (owner === oldest) owners.delete(id);
    onGone(oldest);
  };

  return {
    /** Says whether the sighting belongs to a request. */
    note: ({ ids, within = [], opens, step }: Sighting, at: number): boolean => {
      const [first, ...others] = known(ids);
      const [id] = ids;
      const found = first ? others.reduce(join, first) : known(within)[0];
      const flow = found ?? (opens && id !== undefined ? open(id) : undefined);
      if (flow === undefined) return false;
      const next = withStep(flow, { ...step, at });
      flows.set(next.id, next);
      for (const each of ids) owners.set(each, next.id);
      forgetOldest();
      onFlow(next);
      return true;
    },
    /** The oldest first. */
    flows: (): readonly Flow[] => [...flows.values()],
  };
};
