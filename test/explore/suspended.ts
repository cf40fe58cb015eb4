import { LedgerUnavailable } from '../../lib/ledger/table.ts';
import { AnswerLost, NotSent } from '../../lib/runtime/connection.ts';
import { type Answer, type Call, epoch, type Failure, type Outside, type Program, type Told } from './program.ts';

export interface Waiting {
  readonly id: number;
  readonly call: Call;
}

/** A program that has run until nothing of it can go on without an answer. */
export interface Suspended {
  readonly waiting: readonly Waiting[];
  readonly told: Told | undefined;
  readonly alarms: readonly string[];
  /** Answers one of the calls that it waits for, and runs it on at that time. */
  answer(id: number, answer: Answer, now: number): Promise<Suspended>;
}

const errors: Readonly<Record<Failure, () => Error>> = {
  ledger: () => new LedgerUnavailable('the ledger could not be read or written'),
  lost: () => new AnswerLost('no answer came'),
  notSent: () => new NotSent('the connection failed'),
  aws: () => new Error('the call failed'),
};

/** Runs a program from its start. */
export const start = (program: Program, startedAt: number): Promise<Suspended> => {
  let now = startedAt;
  let calls = 0;
  let told: Told | undefined;
  const alarms: string[] = [];
  const waiting = new Map<number, Waiting & { readonly settle: (answer: Answer) => void }>();
  const wait = (call: Call, settle: (answer: Answer) => void): number => {
    const id = calls++;
    waiting.set(id, { id, call, settle });
    return id;
  };

  const outside: Outside = {
    clock: {
      now: () => epoch + now,
      after: (milliseconds, act) => {
        const id = wait({ kind: 'timer', at: now + milliseconds }, act);
        return () => waiting.delete(id);
      },
    },
    call: (call) =>
      new Promise((resolve, reject) => {
        wait(call, (answer) => ('fails' in answer ? reject(errors[answer.fails]()) : resolve(answer.value)));
      }),
    alarm: (name) => alarms.push(name),
  };

  const suspended = async (): Promise<Suspended> => {
    // What an attempt does between two calls is in microtasks, all of which are over before this.
    await new Promise(setImmediate);
    return { waiting: [...waiting.values()].map(({ id, call }) => ({ id, call })), told, alarms: [...alarms], answer };
  };
  const answer = (id: number, given: Answer, at: number): Promise<Suspended> => {
    const asked = waiting.get(id);
    if (!asked) throw new Error(`no call ${id} waits for an answer`);
    waiting.delete(id);
    now = at;
    asked.settle(given);
    return suspended();
  };

  program(outside).then(
    (end) => {
      told = end;
    },
    (error) => {
      told = { told: 'failed', error: String(error?.stack ?? error) };
    },
  );
  return suspended();
};
