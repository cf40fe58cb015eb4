import { type Asked, type Moment, openHistories } from './histories.ts';
import { httpSender } from './http-sender.ts';
import { openInterner } from './interner.ts';
import { wrongTold } from './invariants.ts';
import type { LedgerView } from './ledger-view.ts';
import type { Answer, Told } from './program.ts';
import { queueSender } from './queue-sender.ts';
import type { Scenario } from './scenario.ts';
import type { Sender } from './sender.ts';
import { type Attempt, type SenderState, type State, withAttempt, withSender, withViolation } from './state.ts';
import type { Fate } from './transition.ts';

/** The attempts of senders, from their beginning until their answer. */
export interface Lives {
  readonly first: readonly SenderState[];
  /** The sender that comes after everything, for the same name. */
  readonly newcomer: SenderState;
  nameOf(state: State, place: number, nth: number): string;
  begin(state: State, place: number): State | Promise<State>;
  /** What comes of an attempt, one of whose calls has made a transition. */
  goOn(state: State, attempt: Attempt, asked: Asked, fate: Fate): State | Promise<State>;
  enqueue(state: State, message: string): State;
}

/** A queue has a message to itself for so long, in milliseconds. */
const visibilityMs = 360_000;

const mostTries = 12;

export const openLives = (scenario: Scenario, ledger: (state: State) => LedgerView): Lives => {
  const histories = openHistories();
  const senders = openInterner<Sender>(({ id }) => id);
  const unbegun = (sender: Sender): SenderState => ({
    number: senders.numberOf(sender),
    tries: 0,
    due: 0,
    isDone: false,
  });
  const first = scenario.senders.map(unbegun);
  const newcomer = unbegun(httpSender('N', { key: 'newcomer' }));

  const at = (state: State, place: number): SenderState & { readonly sender: Sender } => {
    const one = state.senders[place];
    const sender = one && senders.valueOf(one.number);
    if (!sender) throw new Error(`no sender has the place ${place}`);
    return { ...one, sender };
  };
  const nameOf = (state: State, place: number, nth: number) => `${at(state, place).sender.name}${nth}`;

  /** What a sender makes of its attempt's end. */
  const told = (state: State, { sender: place, nth }: Attempt, { hasRejected }: Moment, end: Told): State => {
    const { sender, tries, isDone, number } = at(state, place);
    const learner = { name: `${sender.name}${nth}`, own: sender.request, hasRejected };
    const violation = wrongTold(end, learner, { ...state, ledger: ledger(state) });
    if (violation !== undefined) return withViolation(state, violation);
    if (end.told === 'acknowledged' || end.told === 'accepted') return withSender(state, place, { isDone: true });
    if (nth < tries || isDone) return state;
    // A caller that has its resource asks once more.
    if (end.told === 'made') {
      return withSender(state, place, { isDone: nth > 1 || number === newcomer.number, due: state.now });
    }
    // A queue knows when the message comes again.
    if (end.told !== 'problem') return state;
    // A key that was used for another body never gets a resource.
    if (end.code === 'KEY_REUSED' || (!end.isRetryable && sender.givesUp))
      return withSender(state, place, { isDone: true });
    const waitMs = end.isRetryable ? Math.max(1_000, end.retryAfterMs ?? 0) : 0;
    return withSender(state, place, { due: state.now + waitMs });
  };

  const answered = (state: State, attempt: Attempt, asked: Asked, answer: Answer): State | Promise<State> => {
    const go = (moment: Moment): State => {
      const [alarm] = moment.alarms;
      if (alarm !== undefined) return withViolation(state, `the gateway raises the alarm ${alarm}`);
      if (moment.told) return told(withAttempt(state, attempt, undefined), attempt, moment, moment.told);
      const held = attempt.held.filter(({ call }) => call !== asked.id);
      return withAttempt(state, attempt, { ...attempt, moment, held });
    };
    const next = histories.next(attempt.moment, asked, answer, state.now);
    return next instanceof Promise ? next.then(go) : go(next);
  };

  const died = (state: State, attempt: Attempt): State => {
    const { sender, tries } = at(state, attempt.sender);
    const without = withAttempt(state, attempt, undefined);
    // A caller comes again at once, a message when its time is over.
    if (sender.door === 'queue' || attempt.nth < tries) return without;
    return withSender(without, attempt.sender, { due: state.now });
  };

  return {
    first,
    newcomer,
    nameOf,

    begin: (state, place) => {
      const { sender, tries } = at(state, place);
      const nth = tries + 1;
      if (nth > mostTries) return withViolation(state, `${sender.name} has no answer after ${mostTries} tries`);
      const due = sender.door === 'queue' ? state.now + visibilityMs : state.now;
      const begun = withSender(state, place, { tries: nth, due });
      const go = (moment: Moment): State => {
        const attempt = { sender: place, nth, moment, held: [] };
        return { ...begun, attempts: [...begun.attempts, attempt].sort(inOrder) };
      };
      const moment = histories.begin(`${sender.id} ${nth}`, sender.attempt(nth), state.now);
      return moment instanceof Promise ? moment.then(go) : go(moment);
    },

    goOn: (state, attempt, asked, fate) => {
      if (state.violation !== undefined || fate === 'waits') return state;
      if (fate === 'dies') return died(state, attempt);
      if ('answer' in fate) return answered(state, attempt, asked, fate.answer);
      const others = attempt.held.filter(({ call }) => call !== asked.id);
      return withAttempt(state, attempt, { ...attempt, held: [...others, { ...fate.held, call: asked.id }] });
    },

    enqueue: (state, message) => {
      const nth = state.senders.length - first.length + 1;
      return { ...state, senders: [...state.senders, unbegun(queueSender(`Q${nth}-`, { message }))] };
    },
  };
};

const inOrder = (one: Attempt, other: Attempt): number => one.sender - other.sender || one.nth - other.nth;
