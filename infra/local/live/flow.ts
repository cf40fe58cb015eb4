import { type Facts, type Stage, type Step, stages } from './step.ts';

/** All that was seen of one request: what its steps amount to, and the newest of them. */
export interface Flow extends Omit<Facts, 'stateElse'> {
  readonly id: string;
  /** In the order of their coming, from 1. */
  readonly number: number;
  /** When the newest attempt began, and when the last step was, in milliseconds since the epoch. */
  readonly begun: number;
  readonly last: number;
  readonly attempts: number;
  /** When the newest attempt came to each stage. */
  readonly reached: Readonly<Partial<Record<Stage, number>>>;
  readonly steps: readonly Step[];
}

const mostSteps = 200;

export const newFlow = (id: string, number: number): Flow => ({
  id,
  number,
  begun: 0,
  last: 0,
  attempts: 0,
  reached: {},
  steps: [],
});

/** The flow after one more step. */
export const withStep = (flow: Flow, step: Step): Flow => {
  const attempt = step.begins || flow.steps.length === 0 ? anew(flow, step.at) : flow;
  const { stateElse, state, ...facts } = step.facts ?? {};
  return {
    ...attempt,
    ...defined(facts),
    ...defined({ state: state ?? (flow.record ? undefined : stateElse) }),
    last: step.at,
    reached: reachedBy(attempt.reached, step),
    steps: inOrder(flow.steps, step).slice(-mostSteps),
  };
};

/** Two flows that turn out to be of one request; the older keeps its place. */
export const merged = (one: Flow, other: Flow): Flow => {
  const [older, younger] = one.number < other.number ? [one, other] : [other, one];
  const steps = [...older.steps, ...younger.steps].toSorted((first, second) => first.at - second.at);
  return steps.reduce(withStep, newFlow(older.id, older.number));
};

const anew = ({ status: _, code: __, ...flow }: Flow, at: number): Flow => ({
  ...flow,
  begun: at,
  attempts: flow.attempts + 1,
  reached: {},
});

/** What is granted was checked; but a request may be settled without a send. */
const reachedBy = (reached: Flow['reached'], { at, stage }: Step): Flow['reached'] => {
  if (stage === undefined) return reached;
  const before = stages.slice(0, Math.min(stages.indexOf(stage), stages.indexOf('sent')));
  return { ...Object.fromEntries([...before, stage].map((each) => [each, at])), ...reached };
};

const sameMomentMs = 50;

const inOrder = (steps: readonly Step[], step: Step): readonly Step[] => {
  const last = steps.at(-1);
  const isDelivery = last?.part === 'queue' && last.stage === 'received' && step.at - last.at < sameMomentMs;
  return step.leadsToDelivery && isDelivery
    ? [...steps.slice(0, -1), { ...step, at: last.at }, last]
    : [...steps, step];
};

const defined = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
