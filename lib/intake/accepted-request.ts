import * as z from 'zod/mini';
import { eventSources } from '../contract.ts';
import { isRequestID } from '../provision/identity.ts';

const source = eventSources.accepted;

/**
 * A request that the HTTP door has validated, admitted and recorded, as a message in the endpoint's queue. The request's
 * item in the ledger has its other members.
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

/** The message's JSON, with the only two characters escaped that JSON allows and SQS refuses. */
export const acceptedMessage = (request: Omit<AcceptedRequest, 'source'>): string =>
  JSON.stringify({ source, ...request }).replace(/[\uFFFE\uFFFF]/g, (character) =>
    character === '\uFFFE' ? '\\ufffe' : '\\uffff',
  );
