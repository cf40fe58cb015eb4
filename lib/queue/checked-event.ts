import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumViolations, Problem, type Violation } from '../problems.ts';
import { isMembers } from '../validation/members.ts';
import { parseJson } from '../validation/parse-json.ts';
import { pointerTo, targetOf } from '../validation/pointer.ts';
import { withoutReadOnly } from '../validation/read-only.ts';
import { checked, likelyMeant, membersOf, violationsIn } from '../validation/violations.ts';
import type { RequestEvent } from './message.ts';

/** The detail of a request event, without the endpoint's path parameters. The sender may add members. */
export const detail = z.looseObject({
  version: z.literal('1'),
  idempotencyKey: z.nullish(z.string().check(z.minLength(1), z.maxLength(255))),
  body: z.unknown(),
});

/**
 * Validates an event, given also as the JSON text that it was read from, by the endpoint's schemas. `detailMember` is
 * the text's member with the detail.
 * @throws Problem INVALID_REQUEST or INVALID_DATA (400)
 */
export const checkedEvent = (
  event: Pick<RequestEvent, 'detail'>,
  text: string,
  { endpoint, unknownMembers }: { readonly endpoint: Endpoint; readonly unknownMembers: 'refuse' | 'forward' },
  detailMember = 'detail',
) => {
  const inPath = membersOf(endpoint.parameters);
  const ours = [...membersOf(detail), ...inPath];
  // Parsed again to refuse what JSON.parse accepts: numbers it would change, and `__proto__`.
  parseJson(text, ([first, member]) => first === detailMember && ours.includes(String(member)));
  const { data, violations } = checked(detail, event.detail);
  const misspelt = misspeltMembers(event.detail, ours);
  if (data === undefined) throw invalid([...violations, ...misspelt]);
  const { idempotencyKey } = data;
  const { body } = withoutReadOnly(endpoint, data.body);
  const parameters = checked(endpoint.parameters, Object.fromEntries(inPath.map((name) => [name, data[name]])));
  const all = [...parameters.violations, ...misspelt, ...inBody(violationsIn(endpoint.body, body, unknownMembers))];
  if (parameters.data === undefined || all.length > 0) throw invalid(all);
  return {
    parameters: parameters.data,
    body: z.parse(members, body),
    idempotencyKey: idempotencyKey ?? undefined,
  };
};

/**
 * The sender's own members are allowed unless they look like a misspelt member of ours: a request whose key is overlooked
 * could create twice. If our member is present, only a name that differs in case counts, so `code` may accompany `body`.
 */
const misspeltMembers = (given: unknown, ours: readonly string[]): Violation[] => {
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
  new Problem('INVALID_DATA', 'The event has invalid values; see codes and pointers.', {
    violations: violations.slice(0, maximumViolations),
  });

/** Makes pointers into the body pointers into the event's detail. */
const inBody = (violations: readonly Violation[]): Violation[] =>
  violations.map((violation) => ({ ...violation, pointer: `/body${violation.pointer ?? ''}` }));
