import type { WatchAws } from '../../infra/local/aws/aws.ts';
import type { OnWrite } from '../harness/dynamodb/memory-dynamodb.ts';

/** The observed calls of AWS. */
export interface Observed {
  /** When each call was answered, by `performance.now()`. */
  readonly answeredAt: number[];
  /** The item before and after each write of DynamoDB. */
  readonly writes: Parameters<OnWrite>[];
}

/** Observes the calls of AWS during an action. */
export const awsObserver = () => {
  let observed: Observed | undefined;
  const watch: WatchAws = () => observed?.answeredAt.push(performance.now());
  const onWrite: OnWrite = (...write) => observed?.writes.push(write);
  return {
    watch,
    onWrite,
    during: async (act: () => Promise<unknown>): Promise<Observed> => {
      const calls: Observed = { answeredAt: [], writes: [] };
      observed = calls;
      await act();
      observed = undefined;
      return calls;
    },
  };
};
