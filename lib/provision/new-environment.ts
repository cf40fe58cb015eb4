import { environmentPath, fillPath } from '../endpoints/path.ts';
import { Problem } from '../problems.ts';
import { jsonOf } from '../runtime/connection.ts';
import { valueAt } from '../validation/members.ts';
import type { Attempt } from './attempt.ts';

/**
 * How long PingOne may refuse creates in a new environment with 403 or 404, in milliseconds: `retrySeconds` of
 * `x-pingone-docs-8830` in the OpenAPI document of pingidentity/pingone-go-client.
 */
const newForMs = 60_000;

/** A caller's longest wait before it asks again, in milliseconds: PingOne may be ready sooner. */
const askAgainMs = 10_000;

/**
 * When the environment of a refused create is no longer new, in milliseconds since the epoch. Undefined if it is not new, if
 * PingOne does not show it, and for any refusal but 403 and 404.
 */
export const newUntil = async (
  { pingOne, request, clock, deadline }: Pick<Attempt, 'pingOne' | 'request' | 'clock' | 'deadline'>,
  { status }: Problem,
): Promise<number | undefined> => {
  if (status !== 403 && status !== 404) return undefined;
  const environmentID = String(valueAt(request, request.endpoint.grants.environments));
  const answer = await pingOne.get(fillPath(environmentPath, { environmentID }), deadline).catch(() => undefined);
  const createdAt = answer?.status === 200 ? Date.parse(String(valueAt(jsonOf(answer.body), 'createdAt'))) : Number.NaN;
  return Math.abs(clock.now() - createdAt) < newForMs ? createdAt + newForMs : undefined;
};

/** Replaces PingOne's refusal while the environment is new: a retry may succeed. */
export const environmentNew = (cause: Problem, restMs: number) =>
  new Problem(
    'ENVIRONMENT_NEW',
    `PingOne refused the request (status ${cause.status}), as it may for a minute after it created the environment; nothing was created. Retry with the same key.`,
    {
      retryAfterMs: Math.min(Math.max(restMs, 1_000), askAgainMs),
      correlationID: cause.facts.correlationID,
      cause,
    },
  );
