import type { State } from './state.ts';
import { withSender } from './state.ts';
import { type AskedOf, fails, fault, usual, type Way } from './way.ts';

const done = { answer: { value: undefined } } as const;

/** An outcome's way to the bus. */
export const publishWays = ({ call: { detail } }: AskedOf<'publish'>): readonly Way[] => {
  const told = (state: State): State => {
    const outcome = { id: String(detail.id), resource: Object(detail.resource).id };
    const outcomes = [...state.outcomes, outcome].sort((one, other) => (one.id < other.id ? -1 : 1));
    return { ...state, outcomes };
  };
  return [
    usual('', (state) => ({ state: told(state), fate: done })),
    fails('fails', 'aws'),
    fault('is done, its answer lost', (state) => ({ state: told(state), fate: { answer: { fails: 'aws' } } })),
    fault('is done, and the function dies', (state) => ({ state: told(state), fate: 'dies' })),
  ];
};

export const postponeWays = ({ call: { milliseconds }, attempt: { sender } }: AskedOf<'postpone'>): readonly Way[] => [
  usual('', (state) => ({ state: withSender(state, sender, { due: state.now + milliseconds }), fate: done })),
  fails('fails', 'aws'),
];

/** An accepted request's way into the queue; `add` puts a message there. */
export const enqueueWays = (
  { call: { message } }: AskedOf<'enqueue'>,
  add: (state: State, message: string) => State,
): readonly Way[] => [
  usual('', (state) => ({ state: add(state, message), fate: done })),
  fails('fails', 'aws'),
  fault('is done, its answer lost', (state) => ({ state: add(state, message), fate: { answer: { fails: 'aws' } } })),
  fault('is done, and the function dies', (state) => ({ state: add(state, message), fate: 'dies' })),
];
