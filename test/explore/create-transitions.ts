import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { defaultTimings } from '../../lib/provision/timings.ts';
import { failure } from './pingone-answers.ts';
import type { Answer } from './program.ts';
import type { Resource, State } from './state.ts';
import { type AskedOf, fails, fault, type Transition, usual } from './transition.ts';

export interface Creating {
  readonly id: string;
  /** How long past the promise it may be missing in lists, in milliseconds. */
  readonly pastPromiseMs: number;
  /** The state with the resource. */
  readonly add: (state: State, resource: Resource) => State;
  readonly created: (resource: Pick<Resource, 'id' | 'body' | 'madeAt'>) => Answer;
}

const { attempt: attemptMs, graceAnswered, graceLost, renewal } = defaultTimings;

/** How long PingOne takes where it takes long. */
const slowMs = 7_000;

/** What PingOne refuses always. */
export const refusedBody = { ...endpoint.example.body, properties: { refused: { value: true } } };

/** How a create may go. */
export const createTransitions = (
  { call: { body, timeoutMs }, attempt, isFaulty }: AskedOf<'create'>,
  { id, pastPromiseMs, add, created }: Creating,
): readonly Transition[] => {
  const isRefused = body === JSON.stringify(refusedBody);
  const { request = '', at = 0 } = attempt.moment.send ?? {};
  const made = (state: State, endsInMs: number, graceMs: number): State => {
    // One that leaves a little after its record is listed no later for that.
    const recordedAt = Math.max(at, state.now - renewal);
    const listedBy = Math.min(state.now + endsInMs + graceMs, recordedAt + attemptMs + graceLost) + pastPromiseMs;
    return add(state, { id, request, body, madeAt: state.now, listedBy, isShown: false });
  };
  const answerAt = (state: State): Answer => created({ id, body, madeAt: state.now });
  const answers = (label: string, answer: Answer) => fault(label, (state) => ({ state, fate: { answer } }));

  /** May have made it, or not, and ends after some time. */
  const unknown = (label: string, answer: Answer, endsInMs: number, graceMs: number): readonly Transition[] =>
    (isRefused ? [false] : [true, false]).map((isMade) =>
      fault(`${label}, ${isMade ? 'made' : 'not made'}`, (state) => ({
        state: isMade ? made(state, endsInMs, graceMs) : state,
        fate: endsInMs === 0 ? { answer } : { held: { answer, at: state.now + endsInMs } },
      })),
    );

  const makes = (): readonly Transition[] => [
    fault('the function dies, made', (state) => ({ state: made(state, timeoutMs, graceLost), fate: 'dies' })),
    fault('201, and the function is frozen', (state) => ({
      state: made(state, timeoutMs, graceLost),
      fate: { held: { answer: answerAt(state) } },
    })),
    ...(timeoutMs > slowMs ? [slow] : []),
  ];
  const slow = fault('201 after 7 s', (state) => ({
    state: made(state, slowMs, graceLost),
    fate: { held: { answer: answerAt(state), at: state.now + slowMs } },
  }));

  const faults = (): readonly Transition[] => [
    answers('400', failure(400)),
    answers('429', failure(429)),
    answers('401', failure(401)),
    fails('is not sent', 'notSent'),
    ...unknown('500', failure(500), 0, graceAnswered),
    ...(timeoutMs > slowMs ? unknown('503 after 7 s', failure(503), slowMs, graceAnswered) : []),
    ...unknown('is reset', { fails: 'lost' }, 0, graceLost),
    ...unknown('gets no answer', { fails: 'lost' }, timeoutMs, graceLost),
    ...(isRefused ? [] : makes()),
  ];

  const usually = isRefused
    ? usual('400', (state) => ({ state, fate: { answer: failure(400) } }))
    : usual('201', (state) => ({ state: made(state, 0, graceLost), fate: { answer: answerAt(state) } }));
  return [usually, ...(isFaulty ? faults() : [])];
};
