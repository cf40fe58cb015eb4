import type { Sender } from './sender.ts';

/** Who asks for what. */
export interface Scenario {
  readonly name: string;
  /** Each begins its first attempt at any moment. */
  readonly senders: readonly Sender[];
  /** Whether they differ by name and key alone, so that it does not matter which one begins first. */
  readonly areAlike: boolean;
  /** How many resources their requests make. */
  readonly resources: number;
  /** Whether retries wait until no other attempt runs, so that fewer orders are possible. */
  readonly retries: 'inTurn' | 'atOnce';
  /** How long past the promise a resource may be missing in lists, in milliseconds; 0 by default. */
  readonly pastPromiseMs?: number;
}
