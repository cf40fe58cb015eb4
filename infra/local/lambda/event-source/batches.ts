import type { SQSRecord } from 'aws-lambda';

/** What one invocation may carry. */
const maxPayloadBytes = 6_291_456;

/** The records in as few payloads as Lambda can carry: ten of the largest messages don't fit into one. */
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
