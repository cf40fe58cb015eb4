import type { Change } from '../../lib/ledger/table.ts';
import type { Clock } from '../../lib/runtime/clock.ts';

/** When every schedule starts: all other times of the explorer count from it, in milliseconds. */
export const epoch = Date.UTC(2026, 0, 1);

/** What an attempt asks of the outside, as data. */
export type Call =
  | { readonly kind: 'read'; readonly key: string }
  | { readonly kind: 'change'; readonly key: string; readonly change: Change }
  | { readonly kind: 'token' }
  | { readonly kind: 'create'; readonly body: string; readonly timeoutMs: number }
  | { readonly kind: 'list' }
  | { readonly kind: 'show'; readonly id: string }
  | { readonly kind: 'publish'; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly kind: 'postpone'; readonly milliseconds: number }
  | { readonly kind: 'enqueue'; readonly message: string }
  | { readonly kind: 'addPending'; readonly number: number }
  | { readonly kind: 'timer'; readonly at: number };

/** What a call comes to, as data. */
export type Answer = { readonly value: unknown } | { readonly fails: Failure };

/** LedgerUnavailable, AnswerLost, NotSent, or an error of AWS. */
export type Failure = 'ledger' | 'lost' | 'notSent' | 'aws';

/** What an attempt comes to, as data. */
export type Told =
  | { readonly told: 'made'; readonly how: string; readonly id: string; readonly requestID: string }
  | {
      readonly told: 'problem';
      readonly code: string;
      readonly message: string;
      readonly isRetryable: boolean;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly told: 'accepted' }
  /** Of a message: whether it comes again. */
  | { readonly told: 'acknowledged' | 'returned' }
  /** An error that no door foresees. */
  | { readonly told: 'failed'; readonly error: string };

/** The outside of an attempt: its code does nothing else that is impure. */
export interface Outside {
  readonly clock: Clock;
  /** Throws the error that the call's answer names. */
  call(call: Call): Promise<unknown>;
  /** Tells that the gateway raised an alarm. */
  alarm(name: string): void;
}

/** One attempt at a request, from its arrival until its answer. */
export type Program = (outside: Outside) => Promise<Told>;
