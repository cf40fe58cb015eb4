import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { jsonOf } from '../pingone/connection.ts';
import type { Problem, Violation } from '../problems.ts';
import type { Outcome } from '../provision/request.ts';
import { isMembers, valueAt } from '../validation/members.ts';

const text = z.string();

/** What every outcome says. It holds ids, codes and our own words: never the body, and nothing of PingOne's messages. */
const common = {
  version: z.literal('1'),
  /** The same each time that this outcome is published: a message may be delivered more than once. No other event has it. */
  id: text,
  /** Where `GET /v1/requests/{id}` finds it; absent where the request could not be read that far. */
  requestID: z.optional(text),
  /** The event that asked; absent for a request over HTTP. */
  sourceEventID: z.optional(text),
  idempotencyKey: z.optional(text),
  parameters: z.record(text, text),
  requestedAt: text,
  finishedAt: text,
};

const failure = {
  status: z.number(),
  code: text,
  codes: z.array(text),
  detail: text,
  /** Which members of the event's detail were invalid (JSON Pointers). */
  pointers: z.array(text),
};

/** The detail of each kind of outcome. */
export const outcomes = {
  Created: z.object({
    ...common,
    how: z.enum(['created', 'adopted', 'replayed']),
    resource: z.object({ id: text, links: z.record(text, text) }),
  }),
  Rejected: z.object({ ...common, ...failure }),
  Unresolved: z.object({ ...common, ...failure }),
} as const;

export type OutcomeKind = keyof typeof outcomes;

type Common = Omit<z.output<typeof outcomes.Rejected>, keyof typeof failure | 'version' | 'id'>;

/** What an outcome is about; `arrivalID` is the event's id, or the accepted request's. */
export type OutcomeSubject = Common & { readonly arrivalID: string };

/** The detail-type of an outcome: `ConnectorInstanceCreated` for `ConnectorInstanceRequested`. */
export const outcomeType = ({ event }: Endpoint, kind: OutcomeKind): string => event.replace(/Requested$/, kind);

export const created = (
  about: OutcomeSubject,
  { how, id, text: resource }: Pick<Outcome, 'how' | 'id' | 'text'>,
): z.output<typeof outcomes.Created> => ({
  ...stamped(about, 'Created'),
  how,
  resource: { id, links: linksIn(resource) },
});

export const failed = (
  about: OutcomeSubject,
  kind: 'Rejected' | 'Unresolved',
  problem: Problem,
): z.output<typeof outcomes.Rejected> => {
  const { upstream, violations = [] } = problem.facts;
  return {
    ...stamped(about, kind),
    status: problem.status,
    code: upstream?.code ?? problem.code,
    codes: [...new Set(violations.map(({ code }) => code))],
    detail: problem.message,
    pointers: problem.code === 'INVALID_DATA' ? pointersIn(violations) : [],
  };
};

/** None into what the schemas don't know: the names there are the sender's own text. */
const pointersIn = (violations: readonly Violation[]): string[] =>
  violations.flatMap(({ code, pointer }) => (pointer === undefined || code === 'INVALID_PARAMETER' ? [] : [pointer]));

const stamped = ({ arrivalID, ...about }: OutcomeSubject, kind: OutcomeKind) =>
  ({ version: '1', id: `${arrivalID} ${kind}`, ...about }) as const;

/** Every link that can be read. */
const linksIn = (resource: string): Record<string, string> => {
  const links = valueAt(jsonOf(Buffer.from(resource)), '_links');
  return Object.fromEntries(
    Object.entries(isMembers(links) ? links : {}).flatMap(([name, link]) => {
      const href = valueAt(link, 'href');
      return typeof href === 'string' ? [[name, href]] : [];
    }),
  );
};
