import type { InterceptAws } from '../../../infra/local/aws/aws.ts';
import type { Faults } from '../../../infra/local/sandbox/sandbox.ts';

/** What happens to the process of an invocation: it dies, or is frozen for some milliseconds. */
export interface Strike {
  /** At one of its calls to AWS or PingOne as it comes or is answered, after a time, or before its first create leaves. */
  readonly at: { readonly step: number } | { readonly ms: number } | 'send';
  /** It dies where there is none. */
  readonly freezeMs?: number;
}

/** What goes wrong, and how far the clocks are apart. */
export interface Weather {
  readonly intercept: InterceptAws;
  readonly faults: Faults;
  /** What happens to the process of the nth invocation, if anything. */
  readonly strike: (nth: number) => Strike | undefined;
  /** How far the clock of the nth environment is ahead, in milliseconds. */
  readonly offsetMs: (nth: number) => number;
  /** How long PingOne keeps idle connections, in milliseconds. */
  readonly keepAliveMs: number;
}
