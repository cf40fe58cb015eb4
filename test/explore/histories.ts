import { openInterner } from './interner.ts';
import type { Answer, Call, Program, Told } from './program.ts';
import { type Suspended, start, type Waiting } from './suspended.ts';

/**
 * A moment in the life of an attempt at which it waits for the outside. What its code does next depends on what it was
 * answered and when, and on nothing else: two attempts with one history are at one moment.
 */
export interface Moment {
  /** Tells it from all others. */
  readonly number: number;
  readonly waiting: readonly Asked[];
  readonly told: Told | undefined;
  readonly alarms: readonly string[];
  /** How many creates it has sent. */
  readonly creates: number;
  /** The record of its last send: the key of the request item, and when it was written. */
  readonly send: { readonly request: string; readonly at: number } | undefined;
  /** Whether it knows that it closed a request as rejected. */
  readonly hasRejected: boolean;
}

/** A call that waits for its answer; its number is equal for equal calls. */
export interface Asked extends Waiting {
  readonly number: number;
}

export interface Histories {
  /** The moment at which an attempt waits first; `name` stands for its program. */
  begin(name: string, program: Program, now: number): Moment | Promise<Moment>;
  next(moment: Moment, asked: Asked, answer: Answer, now: number): Moment | Promise<Moment>;
}

interface Known extends Moment {
  readonly program: Program;
  readonly now: number;
  readonly from: { readonly before: Known; readonly call: number; readonly answer: Answer } | undefined;
  readonly next: Map<string, Known>;
  /** Code that waits here. */
  run: Suspended | undefined;
}

/** Code that waits is kept for so many moments; for an older one it runs again from its start. */
const keptRuns = 200;

/** Runs the code of each history once, and remembers where that led. */
export const openHistories = (): Histories => {
  const calls = openInterner<Call>(JSON.stringify);
  const answers = openInterner<Answer>(JSON.stringify);
  const numbers = new WeakMap<Answer, number>();
  const begun = new Map<string, Known>();
  const moments: Known[] = [];
  const kept: Known[] = [];

  const numberOf = (answer: Answer): number => {
    const number = numbers.get(answer) ?? answers.numberOf(answer);
    numbers.set(answer, number);
    return number;
  };

  const known = (run: Suspended, at: Pick<Known, 'program' | 'now' | 'from'>): Known => {
    const moment: Known = {
      ...at,
      ...factsOf(at.from),
      number: moments.length,
      waiting: run.waiting.map(({ id, call }) => ({ id, call, number: calls.numberOf(call) })),
      told: run.told,
      alarms: run.alarms,
      next: new Map(),
      run: run.told ? undefined : run,
    };
    moments.push(moment);
    if (moment.run) kept.push(moment);
    const oldest = kept.length > keptRuns ? kept.shift() : undefined;
    if (oldest) oldest.run = undefined;
    return moment;
  };

  /** Takes the code that waits at a moment, or brings it there from its start. */
  const take = async ({ program, from, now }: Known): Promise<Suspended> =>
    from
      ? (await (waitingAt(from.before) ?? take(from.before))).answer(from.call, from.answer, now)
      : start(program, now);

  return {
    begin: (name, program, now) => {
      const key = `${name} ${now}`;
      const again = begun.get(key);
      if (again) return again;
      return start(program, now).then((run) => {
        const first = known(run, { program, now, from: undefined });
        begun.set(key, first);
        return first;
      });
    },

    next: ({ number }, { id }, answer, now) => {
      const before = moments[number];
      if (!before) throw new Error(`no moment has the number ${number}`);
      const key = `${id} ${numberOf(answer)} ${now}`;
      const again = before.next.get(key);
      if (again) return again;
      const go = async (): Promise<Moment> => {
        const run = await (waitingAt(before) ?? take(before));
        const next = known(await run.answer(id, answer, now), {
          program: before.program,
          now,
          from: { before, call: id, answer },
        });
        before.next.set(key, next);
        return next;
      };
      return go();
    },
  };
};

/** The code that waits at a moment; it goes on from there, and so is taken once. */
const waitingAt = (moment: Known): Suspended | undefined => {
  const { run } = moment;
  moment.run = undefined;
  return run;
};

/** What of an attempt's past counts later. */
const factsOf = (from: Known['from']): Pick<Moment, 'creates' | 'send' | 'hasRejected'> => {
  if (!from) return { creates: 0, send: undefined, hasRejected: false };
  const { before, answer } = from;
  const call = before.waiting.find(({ id }) => id === from.call)?.call;
  const { set = {}, initial = {} } = call?.kind === 'change' ? call.change : {};
  const isDone = 'value' in answer && answer.value !== undefined;
  return {
    creates: before.creates + (call?.kind === 'create' ? 1 : 0),
    send:
      call?.kind === 'change' && ('lastSent' in set || 'lastSent' in initial)
        ? { request: call.key, at: before.now }
        : before.send,
    hasRejected: before.hasRejected || (set.state === 'rejected' && isDone),
  };
};
