/** The result of one run on a mutant; empty if the mutant survives. */
export interface Verdict {
  /** The test or violation that kills the mutant. */
  readonly by?: string;
  /** The crash or time-out of a run without a result; its cause may be another than the mutant. */
  readonly failed?: string;
}
