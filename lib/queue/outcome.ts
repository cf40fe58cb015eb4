import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { codeOf, type Problem, type Violation } from '../problems.ts';
import type { Outcome } from '../provision/request.ts';
import { jsonOf } from '../runtime/connection.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import type { DeploymentOutcomeKind } from './deployment-outcome.ts';

const text = z.string();

/** The members of every outcome: ids, codes and the gateway's own messages, no body and no PingOne message. */
const common = {
  version: z.literal('1'),
  /** Unique to this outcome, and the same each time it is published: a message may be delivered more than once. */
  id: text,
  /** The id for `GET /v1/requests/{id}`; absent if the request could not be identified. */
  requestID: z.optional(text),
  /** The id of the request event; absent for a request over HTTP. */
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
  /** The invalid members of the event's detail (JSON Pointers). */
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

/** The request of an outcome; `arrivalID` is the id of its event or of the accepted request. */
export type OutcomeSubject = Common & { readonly arrivalID: string };

/**
 * The detail-type of an outcome: `ConnectorInstanceCreated` for `ConnectorInstanceRequested`, and that of a deployment for
 * what it deploys.
 */
export const outcomeType = ({ event, deployment }: Endpoint, kind: OutcomeKind | DeploymentOutcomeKind): string =>
  kind in outcomes ? event.replace(/Requested$/, kind) : `${deployment?.event}${kind}`;

export const created = (
  subject: OutcomeSubject,
  { how, id, text: resource }: Pick<Outcome, 'how' | 'id' | 'text'>,
): z.output<typeof outcomes.Created> => ({
  ...stamped(subject, 'Created'),
  how,
  resource: { id, links: linksIn(resource) },
});

export const failed = (
  subject: OutcomeSubject,
  kind: 'Rejected' | 'Unresolved',
  problem: Problem,
): z.output<typeof outcomes.Rejected> => {
  const { violations = [] } = problem.facts;
  return {
    ...stamped(subject, kind),
    status: problem.status,
    code: codeOf(problem),
    codes: [...new Set(violations.map(({ code }) => code))],
    detail: problem.message,
    pointers: problem.code === 'INVALID_DATA' ? pointersIn(violations) : [],
  };
};

/** Skips unknown members: their names are the sender's own text. */
const pointersIn = (violations: readonly Violation[]): string[] =>
  violations.flatMap(({ code, pointer }) => (pointer === undefined || code === 'INVALID_PARAMETER' ? [] : [pointer]));

const stamped = ({ arrivalID, ...subject }: OutcomeSubject, kind: OutcomeKind) =>
  ({ version: '1', id: `${arrivalID} ${kind}`, ...subject }) as const;

/** The readable links of a resource. */
const linksIn = (resource: string): Record<string, string> => {
  const links = valueAt(jsonOf(Buffer.from(resource)), '_links');
  return Object.fromEntries(
    Object.entries(isMembers(links) ? links : {}).flatMap(([name, link]) => {
      const href = valueAt(link, 'href');
      return typeof href === 'string' ? [[name, href]] : [];
    }),
  );
};
