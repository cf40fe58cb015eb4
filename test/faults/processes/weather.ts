import type { InterceptAws } from '../../../infra/local/aws/aws.ts';
import type { Faults } from '../../../infra/local/sandbox/sandbox.ts';

/** A kill or a freeze of the process of an invocation. */
export interface Strike {
  /** At one of its calls to AWS or PingOne as it comes or is answered, after a time, or before its first create leaves. */
  readonly at: { readonly step: number } | { readonly ms: number } | 'send';
  /** Milliseconds of a freeze; undefined for a kill. */
  readonly freezeMs?: number;
}

/** The faults of a run, and the offsets of its clocks. */
export interface Weather {
  readonly intercept: InterceptAws;
  readonly faults: Faults;
  /** The strike on the process of the nth invocation, if any. */
  readonly strike: (nth: number) => Strike | undefined;
  /** How far the clock of the nth environment is ahead, in milliseconds. */
  readonly offsetMs: (nth: number) => number;
  /** How long PingOne keeps idle connections, in milliseconds. */
  readonly keepAliveMs: number;
}
