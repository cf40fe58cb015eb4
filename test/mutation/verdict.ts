/** What one run says of a mutant: nothing if it does not notice it. */
export interface Verdict {
  /** By what it notices the mutant. */
  readonly by?: string;
  /** How the run ended without a result: by a crash or a time-out, which may have another cause than the mutant. */
  readonly failed?: string;
}
