import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { Problem } from '../problems.ts';
import { checkedEvent } from '../queue/checked-event.ts';
import { parseJson } from '../validation/parse-json.ts';
import { checked } from '../validation/violations.ts';

/**
 * The request in a webhook's payload (Standard Webhooks, "Payload structure"): `type` is the detail-type of a request
 * event, `data` its detail. The sender may add members.
 * @throws Problem INVALID_REQUEST or INVALID_DATA (400)
 */
export const requestIn = (text: string, endpoints: readonly Endpoint[], unknownMembers: 'refuse' | 'forward') => {
  const payload = z.looseObject({ type: z.enum(endpoints.map(({ event }) => event)), data: z.unknown() });
  // `checkedEvent` checks the numbers, and only those of our members.
  const { data, violations } = checked(
    payload,
    parseJson(text, () => false),
  );
  const endpoint = endpoints.find(({ event }) => event === data?.type);
  if (endpoint === undefined) {
    throw new Problem('INVALID_DATA', 'The payload has invalid values.', { violations });
  }
  return { endpoint, ...checkedEvent({ detail: data?.data }, text, { endpoint, unknownMembers }, 'data') };
};
