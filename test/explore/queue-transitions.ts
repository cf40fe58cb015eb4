import type { State } from './state.ts';
import { withSender } from './state.ts';
import { type AskedOf, fails, fault, type Transition, usual } from './transition.ts';

const done = { answer: { value: undefined } } as const;

/** What may become of an outcome that is put on the bus. */
export const publishTransitions = ({ call: { detail } }: AskedOf<'publish'>): readonly Transition[] => {
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

export const postponeTransitions = ({
  call: { milliseconds },
  attempt: { sender },
}: AskedOf<'postpone'>): readonly Transition[] => [
  usual('', (state) => ({ state: withSender(state, sender, { due: state.now + milliseconds }), fate: done })),
  fails('fails', 'aws'),
];

/** What may become of the message of a pending deployment. */
export const pendingDeploymentTransitions = ({ call: { number } }: AskedOf<'addPending'>): readonly Transition[] => {
  const sent = (state: State): State => ({
    ...state,
    pendingDeployments: [...new Set([...state.pendingDeployments, number])].sort((one, other) => one - other),
  });
  return [
    usual('', (state) => ({ state: sent(state), fate: done })),
    fails('fails', 'aws'),
    fault('is done, its answer lost', (state) => ({ state: sent(state), fate: { answer: { fails: 'aws' } } })),
    fault('is done, and the function dies', (state) => ({ state: sent(state), fate: 'dies' })),
  ];
};

/** What may become of an accepted request that is sent to the queue; `add` puts a message there. */
export const enqueueTransitions = (
  { call: { message } }: AskedOf<'enqueue'>,
  add: (state: State, message: string) => State,
): readonly Transition[] => [
  usual('', (state) => ({ state: add(state, message), fate: done })),
  fails('fails', 'aws'),
  fault('is done, its answer lost', (state) => ({ state: add(state, message), fate: { answer: { fails: 'aws' } } })),
  fault('is done, and the function dies', (state) => ({ state: add(state, message), fate: 'dies' })),
];
