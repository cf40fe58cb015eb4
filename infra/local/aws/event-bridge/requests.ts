import * as z from 'zod/mini';
import { maximumMessageBytes } from '../../../../lib/contract.ts';
import { AwsError } from '../service.ts';
import { sizeOf } from './event.ts';

const maxEntries = 10;

const putRequest = z.object({
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

export const describeRequest = z.object({ Name: z._default(z.string(), 'default') });

export const listRequest = z.object({ NamePrefix: z._default(z.string(), '') });

/** The entries of a request that EventBridge takes as a whole. @throws AwsError */
export const entriesOf = (input: unknown): z.output<typeof putRequest>['Entries'] => {
  const { Entries } = parse(putRequest, input);
  if (Entries.length === 0) throw invalid(`${wrongCount} greater than or equal to 1`);
  if (Entries.length > maxEntries) throw invalid(`${wrongCount} less than or equal to ${maxEntries}`);
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maximumMessageBytes)
    throw invalid('Total size of the entries in the request is over the limit.');
  return Entries;
};

/** Reads an input. @throws AwsError */
export const parse = <Schema extends z.core.$ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const result = z.safeParse(schema, input);
  if (!result.success) throw invalid('A parameter is missing or has the wrong type.');
  return result.data;
};

const wrongCount =
  "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length";

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
