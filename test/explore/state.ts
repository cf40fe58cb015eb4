import type { Moment } from './histories.ts';
import type { Answer } from './program.ts';

/** Everything that there is at one moment, which decides what may still happen. Times are in milliseconds. */
export interface State {
  readonly now: number;
  /** The ledger's table: by the number of a key, the number of its item; 0 where there is none. */
  readonly items: readonly number[];
  readonly senders: readonly SenderState[];
  readonly attempts: readonly Attempt[];
  /** What PingOne has made. */
  readonly resources: readonly Resource[];
  /** Writes that are still on their way, which nobody waits for any more. */
  readonly late: readonly LateWrite[];
  /** Outcomes on the bus. */
  readonly outcomes: readonly Published[];
  /** The pending deployments whose message is sent. */
  readonly pendingDeployments: readonly number[];
  /** How many faults may still happen. */
  readonly faults: number;
  /** What is wrong; nothing happens after that. */
  readonly violation?: string | undefined;
}

/** What became of a caller, or of a message in a queue. */
export interface SenderState {
  /** Tells which one it is. */
  readonly number: number;
  /** How many attempts it has begun. */
  readonly tries: number;
  /** When it begins the next one. */
  readonly due: number;
  readonly isDone: boolean;
}

/** An attempt that has begun and not ended. */
export interface Attempt {
  /** The place of its sender. */
  readonly sender: number;
  /** Which one of its sender's. */
  readonly nth: number;
  readonly moment: Moment;
  /** Its calls that are under way for longer. */
  readonly held: readonly Held[];
}

export interface Held {
  readonly call: number;
  /** What it comes to; it is not carried out yet where there is none. */
  readonly answer?: Answer | undefined;
  /** When its answer arrives; at any later moment where there is none. */
  readonly at?: number | undefined;
}

export interface Resource {
  readonly id: string;
  /** The key of the request item that it was made for. */
  readonly request: string;
  /** As it was sent. */
  readonly body: string;
  readonly madeAt: number;
  /** From when on every list has it. */
  readonly listedBy: number;
  /** Whether a list has shown it. */
  readonly isShown: boolean;
}

export interface LateWrite {
  readonly key: string;
  /** The number of the call, and whose it was. */
  readonly call: number;
  readonly by: string;
}

export interface Published {
  /** As the outcome says it: the arrival and the kind. */
  readonly id: string;
  readonly resource: string | undefined;
}

/** A text that two states share only where the same may still happen. */
export const textOf = (state: State): string => {
  const { now, faults, items } = state;
  let text = `${now} ${faults} ${items.join()}`;
  for (const { number, tries, due, isDone } of state.senders) {
    text += `;${number},${tries},${isDone || due}`;
  }
  for (const { sender, nth, moment, held } of state.attempts) {
    text += `/${sender},${nth},${moment.number}`;
    for (const { call, answer, at = '' } of held) text += `_${call},${at},${answer && JSON.stringify(answer)}`;
  }
  for (const { id, request, madeAt, listedBy, isShown } of state.resources) {
    text += `|${id},${request},${madeAt},${isShown || listedBy <= now || listedBy}`;
  }
  for (const { key, call } of state.late) text += `!${key},${call}`;
  if (state.pendingDeployments.length > 0) text += `p${state.pendingDeployments.join()}`;
  for (const { id, resource } of state.outcomes) text += `?${id},${resource}`;
  return text;
};

/** Whether an attempt goes on by itself, now or at a certain time: one that is frozen does not. */
export const isRunning = ({ moment, held }: Attempt): boolean =>
  moment.waiting.some(({ id }) => {
    const one = held.find(({ call }) => call === id);
    return !one || one.at !== undefined;
  });

/** The state with another attempt in the place of one, or with none. */
export const withAttempt = (state: State, attempt: Attempt, instead: Attempt | undefined): State => ({
  ...state,
  attempts: instead
    ? state.attempts.map((other) => (other === attempt ? instead : other))
    : state.attempts.filter((other) => other !== attempt),
});

export const withSender = (state: State, place: number, changes: Partial<SenderState>): State => ({
  ...state,
  senders: state.senders.map((sender, index) => (index === place ? { ...sender, ...changes } : sender)),
});

/** The state with what is wrong with it, if anything is. */
export const withViolation = (state: State, violation: string | undefined): State =>
  violation === undefined ? state : { ...state, violation };
