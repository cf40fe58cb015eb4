import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Fault, maximumFaults, Problem } from '../errors.ts';
import { checked, faultsIn } from '../faults.ts';
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
  const { data, faults } = checked(detail, event.detail);
  if (data === undefined) throw invalid(faults);
  const { version: _, idempotencyKey, body, ...given } = data;
  const parameters = checked(endpoint.parameters, given);
  const inAll = [...parameters.faults, ...inBody(faultsIn(endpoint.body, body, unknownMembers))];
  if (parameters.data === undefined || inAll.length > 0) throw invalid(inAll);
  return {
    asked: { endpoint, parameters: parameters.data, body: z.parse(members, body) },
    idempotencyKey,
  };
};

const members = z.record(z.string(), z.unknown());

const invalid = (faults: readonly Fault[]) =>
  new Problem('INVALID_DATA', 'The event breaks rules of its endpoint.', { faults: faults.slice(0, maximumFaults) });

/** Pointers are into the event's detail. */
const inBody = (faults: readonly Fault[]): Fault[] =>
  faults.map((fault) => ({ ...fault, pointer: `/body${fault.pointer ?? ''}` }));
