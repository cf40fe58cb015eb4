import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Fault, maximumFaults, Problem } from '../errors.ts';
import { faultsIn } from '../faults.ts';
import { parseJson } from '../parse-json.ts';
import type { RequestEvent } from './message.ts';

/** What the detail of a request event has beside the endpoint's path parameters. */
export const detail = z.looseObject({
  version: z.literal('1'),
  idempotencyKey: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  body: z.unknown(),
});

/** What an event asks for, once it has passed the endpoint's schemas, and the key of its own. Throws Problem. */
export const checkedEvent = (
  event: RequestEvent,
  record: SQSRecord,
  endpoint: Endpoint,
  unknownMembers: 'refuse' | 'forward',
) => {
  // The whole text again, for what JSON.parse passes over: numbers that it changes, and `__proto__`.
  parseJson(record.body);
  const parsed = z.safeParse(detail, event.detail);
  const { version: _, idempotencyKey, body, ...parameters } = parsed.data ?? {};
  const faults = parsed.success
    ? [...faultsIn(endpoint.parameters, parameters), ...inBody(faultsIn(endpoint.body, body, unknownMembers))]
    : faultsIn(detail, event.detail);
  if (faults.length > 0) {
    throw new Problem('INVALID_DATA', 'The event breaks rules of its endpoint.', {
      faults: faults.slice(0, maximumFaults),
    });
  }
  return {
    asked: {
      endpoint,
      parameters: z.parse(endpoint.parameters, parameters),
      body: z.parse(z.record(z.string(), z.unknown()), body),
    },
    idempotencyKey,
  };
};

/** Pointers are into the event's detail. */
const inBody = (faults: readonly Fault[]): Fault[] =>
  faults.map((fault) => ({ ...fault, pointer: `/body${fault.pointer ?? ''}` }));
