import type { Asked } from './histories.ts';
import type { Answer, Call, Failure } from './program.ts';
import type { Attempt, Held, State } from './state.ts';

/** One thing that a call may do. */
export interface Transition {
  readonly label: string;
  readonly isFault: boolean;
  /** What the call does outside of the attempt, and what becomes of the attempt. */
  readonly go: (state: State) => { readonly state: State; readonly fate: Fate };
}

/** The attempt gets an answer, has the call under way for longer or as it was, or dies. */
export type Fate = { readonly answer: Answer } | { readonly held: Omit<Held, 'call'> } | 'waits' | 'dies';

/** A call of one kind, and whose it is. */
export type AskedOf<Kind extends Call['kind']> = Omit<Asked, 'call'> & {
  readonly call: Call & { readonly kind: Kind };
  readonly attempt: Attempt;
  /** Whether a fault may happen. */
  readonly isFaulty: boolean;
};

export const usual = (label: string, go: Transition['go']): Transition => ({ label, isFault: false, go });

export const fault = (label: string, go: Transition['go']): Transition => ({ label, isFault: true, go });

/** An answer without anything that happens. */
export const fails = (label: string, failure: Failure): Transition => {
  const fate = { answer: { fails: failure } } as const;
  return fault(label, (state) => ({ state, fate }));
};
