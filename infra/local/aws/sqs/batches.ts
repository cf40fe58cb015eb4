import { maximumMessageBytes } from '../../../../lib/contract.ts';
import { AwsError } from '../service.ts';
import { sqsError } from './errors.ts';
import { type Content, sizeOf } from './message.ts';

interface Entry {
  readonly Id: string;
}

const maxEntries = 10;

/** Refuses a batch as a whole. @throws AwsError */
export const checkBatch = (entries: readonly Entry[]): void => {
  const ids = entries.map(({ Id }) => Id);
  if (ids.length === 0)
    throw sqsError('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.');
  if (ids.length > maxEntries)
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maxEntries}. You have sent ${ids.length}.`,
    );
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw sqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw sqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
};

/** Refuses messages that together take more than one may take. @throws AwsError */
export const checkBatchSize = (contents: readonly Content[]): void => {
  const total = contents.reduce((sum, content) => sum + sizeOf(content), 0);
  if (total > maximumMessageBytes)
    throw sqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${maximumMessageBytes} bytes. You have sent ${total} bytes.`,
    );
};

/** Acts on each entry alone, and answers which succeeded and which failed; a list without members is left out. */
export const eachEntry = <Batched extends Entry>(entries: readonly Batched[], act: (entry: Batched) => object) => {
  const results = entries.map((entry) => ({ Id: entry.Id, ...attempt(() => act(entry)) }));
  const Successful = results.flatMap(({ Id, done }) => (done === undefined ? [] : [{ Id, ...done }]));
  const Failed = results.flatMap(({ Id, failure }) => (failure === undefined ? [] : [{ Id, ...failure }]));
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
};

const attempt = (act: () => object): { readonly done?: object; readonly failure?: object } => {
  try {
    return { done: act() };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { failure: { SenderFault: true, Code: error.queryCode ?? error.type, Message: error.message } };
  }
};
