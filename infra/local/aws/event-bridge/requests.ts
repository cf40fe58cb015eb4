import * as z from 'zod/mini';
import { maximumMessageBytes } from '../../../../lib/contract.ts';
import { AwsError } from '../service.ts';
import { sizeOf } from './event.ts';

const maximumEntries = 10;

/** The input of PutEvents. Each entry is judged on its own. */
export const putEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.optional(z.string()),
      DetailType: z.optional(z.string()),
      Detail: z.optional(z.string()),
      Resources: z.optional(z.array(z.string())),
      Time: z.optional(z.number()),
      EventBusName: z._default(z.string(), 'default'),
    }),
  ),
});

/** Refuses a request as a whole. @throws AwsError */
export const checkEntries = ({ Entries }: z.output<typeof putEvents>): void => {
  if (Entries.length === 0) throw invalid(`${wrongCount} greater than or equal to 1`);
  if (Entries.length > maximumEntries) throw invalid(`${wrongCount} less than or equal to ${maximumEntries}`);
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maximumMessageBytes)
    throw invalid('Total size of the entries in the request is over the limit.');
};

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

const wrongCount =
  "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length";
