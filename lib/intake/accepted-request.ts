import * as z from 'zod/mini';
import { eventSources } from '../contract.ts';
import { isRequestID } from '../provision/identity.ts';

const source = eventSources.accepted;

/**
 * A request that the HTTP door has checked, granted and noted in the ledger, on its way through the endpoint's queue.
 * What is not here is in the note.
 */
export const acceptedRequest = z.lazy(() =>
  z.object({
    source: z.literal(source),
    requestID: z.string().check(z.refine(isRequestID)),
    arrivalID: z.string(),
    body: z.record(z.string(), z.unknown()),
  }),
);

export type AcceptedRequest = z.output<typeof acceptedRequest>;

/** The message as SQS takes it: these two characters are the only ones that JSON leaves as they are and SQS refuses. */
export const acceptedMessage = (request: Omit<AcceptedRequest, 'source'>): string =>
  JSON.stringify({ source, ...request }).replace(/[\uFFFE\uFFFF]/g, (character) =>
    character === '\uFFFE' ? '\\ufffe' : '\\uffff',
  );
