/** One question to a process, and its answer. */
export interface Call {
  readonly id: number;
  readonly question: unknown;
}

export type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

/** Answers the questions of the parent process. */
export const answerParent = <Question>(answer: (question: Question) => unknown): void => {
  process.on('message', async ({ id, question }: { id: number; question: Question }) => {
    try {
      process.send?.({ id, result: await answer(question) } satisfies Reply);
    } catch (error) {
      process.send?.({ id, error: String(error) } satisfies Reply);
    }
  });
};
