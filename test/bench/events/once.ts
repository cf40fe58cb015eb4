import type { Aws } from '../../../infra/local/aws/aws.ts';
import { eventBusName, outcomePattern } from '../../../infra/local/gateway/endpoint-queues.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { outcomeType } from '../../../lib/queue/outcome.ts';
import type { StandIns } from '../stand-ins.ts';

type BusOutcome = Readonly<Record<string, unknown>>;

/** Collects the outcomes that are published on the bus. */
export const outcomesOn = ({ events }: Aws): readonly BusOutcome[] => {
  const outcomes: BusOutcome[] = [];
  events.addRule({
    bus: eventBusName,
    pattern: outcomePattern,
    target: ({ 'detail-type': type, detail }) => void outcomes.push({ ...detail, type }),
  });
  return outcomes;
};

/** Number of events without exactly one resource and exactly one outcome. `requested` is event id -> resource name. */
export const wrongIn = (
  requested: ReadonlyMap<string, string>,
  outcomes: readonly BusOutcome[],
  { endpoint, sandbox }: StandIns,
): number => {
  const created = outcomeType(endpoint, 'Created');
  const resources = sandbox.resources(fillPath(endpoint.path, endpoint.example.parameters));
  const byName = countOf(resources.map(({ name }) => name));
  const byEvent = countOf(outcomes.map(({ sourceEventID }) => sourceEventID));
  const createdByEvent = countOf(
    outcomes.filter(({ type, how }) => type === created && how === 'created').map((outcome) => outcome.sourceEventID),
  );
  const isRight = ([event, name]: readonly [string, string]): boolean =>
    byName.get(name) === 1 && byEvent.get(event) === 1 && createdByEvent.get(event) === 1;
  return [...requested].filter((each) => !isRight(each)).length + Math.max(0, resources.length - requested.size);
};

const countOf = (values: readonly unknown[]): ReadonlyMap<unknown, number> => {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
