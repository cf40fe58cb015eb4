import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumViolations, Problem, type Violation } from '../problems.ts';
import { isMembers } from '../validation/members.ts';
import { parseJson } from '../validation/parse-json.ts';
import { pointerTo, targetOf } from '../validation/pointer.ts';
import { checked, likelyMeant, membersOf, violationsIn } from '../validation/violations.ts';
import type { RequestEvent } from './message.ts';

/** What the detail of a request event has beside the endpoint's path parameters, and members of the sender's own. */
export const detail = z.looseObject({
  version: z.literal('1'),
  idempotencyKey: z.nullish(z.string().check(z.minLength(1), z.maxLength(255))),
  body: z.unknown(),
});

/** What an event asks for, once it has passed the endpoint's schemas, and the key of its own. Throws Problem. */
export const checkedEvent = (
  event: RequestEvent,
  record: SQSRecord,
  { endpoint, unknownMembers }: { readonly endpoint: Endpoint; readonly unknownMembers: 'refuse' | 'forward' },
) => {
  const inPath = membersOf(endpoint.parameters);
  const ours = [...membersOf(detail), ...inPath];
  // The whole text again, for what JSON.parse passes over: numbers that it changes, and `__proto__`.
  parseJson(record.body, ([first, member]) => first === 'detail' && ours.includes(String(member)));
  const { data, violations } = checked(detail, event.detail);
  const misread = misspelt(event.detail, ours);
  if (data === undefined) throw invalid([...violations, ...misread]);
  const { idempotencyKey, body } = data;
  const parameters = checked(endpoint.parameters, Object.fromEntries(inPath.map((name) => [name, data[name]])));
  const inAll = [...parameters.violations, ...misread, ...inBody(violationsIn(endpoint.body, body, unknownMembers))];
  if (parameters.data === undefined || inAll.length > 0) throw invalid(inAll);
  return {
    parameters: parameters.data,
    body: z.parse(members, body),
    idempotencyKey: idempotencyKey ?? undefined,
  };
};

/**
 * Members of the sender's own are let be, but not one that was likely meant for one of ours: a request whose key is not
 * read could be made twice. One of ours that is there is missed in another case alone, so that `code` may be beside `body`.
 */
const misspelt = (given: unknown, ours: readonly string[]): Violation[] => {
  if (!isMembers(given)) return [];
  const absent = ours.filter((name) => (given[name] ?? null) === null);
  return Object.keys(given).flatMap((name) => {
    if (ours.includes(name)) return [];
    const meant = ours.find((own) => own.toLowerCase() === name.toLowerCase()) ?? likelyMeant(name, absent);
    if (meant === undefined) return [];
    const message = `${name} is not a member of a request; did you mean ${meant}?`;
    return [{ code: 'INVALID_PARAMETER', message, target: targetOf([name]), pointer: pointerTo([name]) }];
  });
};

const members = z.record(z.string(), z.unknown());

const invalid = (violations: readonly Violation[]) =>
  new Problem('INVALID_DATA', 'The event breaks rules of its endpoint.', {
    violations: violations.slice(0, maximumViolations),
  });

/** Pointers are into the event's detail. */
const inBody = (violations: readonly Violation[]): Violation[] =>
  violations.map((violation) => ({ ...violation, pointer: `/body${violation.pointer ?? ''}` }));
