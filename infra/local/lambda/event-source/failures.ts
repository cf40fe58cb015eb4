import { isRecord } from '../../loopback/json.ts';

/**
 * The ids that a function's answer reports as failed, as Lambda reads `ReportBatchItemFailures`; undefined where the
 * answer is invalid, which fails the whole batch.
 */
export const failuresIn = (answer: unknown, ids: ReadonlySet<string>): ReadonlySet<string> | undefined => {
  const failures = failuresOf(answer);
  const failed = failures?.map((failure) => (isRecord(failure) ? failure.itemIdentifier : undefined));
  const known = failed?.filter((id) => typeof id === 'string' && ids.has(id)).map(String);
  return known === undefined || known.length !== failed?.length ? undefined : new Set(known);
};

/** An empty answer reports no failure. */
const failuresOf = (answer: unknown): readonly unknown[] | undefined => {
  if (answer === null || answer === undefined) return [];
  if (!isRecord(answer)) return undefined;
  const failures = answer.batchItemFailures ?? [];
  return Array.isArray(failures) ? failures : undefined;
};
