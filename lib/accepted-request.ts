import * as z from 'zod/mini';

/** An event source that nobody can claim on the bus: what the HTTP door puts into the queue itself. */
const source = 'pingone.provisioner.accepted';

/** A request that the HTTP door has checked, granted and noted, on its way through the endpoint's queue. */
export const acceptedRequest = z.object({
  source: z.literal(source),
  requestID: z.string(),
  arrivalID: z.string(),
  parameters: z.record(z.string(), z.string()),
  body: z.record(z.string(), z.unknown()),
});

export type AcceptedRequest = z.output<typeof acceptedRequest>;

export const acceptedMessage = (request: Omit<AcceptedRequest, 'source'>): string =>
  JSON.stringify({ source, ...request });
