import type { SQSRecord } from 'aws-lambda';

/** The largest payload of an invocation. */
const maxPayloadBytes = 6_291_456;

/** Splits records into payloads that Lambda can carry: ten of the largest messages do not fit into one. */
export const batchesOf = (records: readonly SQSRecord[]): readonly (readonly SQSRecord[])[] => {
  const batches: SQSRecord[][] = [];
  let left = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (size > left) {
      batches.push([]);
      left = maxPayloadBytes - '{"Records":[]}'.length;
    }
    batches.at(-1)?.push(record);
    left -= size;
  }
  return batches;
};
