import type { Rejection } from '../ledger/items.ts';
import type { Claimed } from '../ledger/ledger.ts';
import { jsonOf } from '../pingone/connection.ts';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import { resourceIDIn } from '../pingone/resource.ts';
import { isProblemCode, Problem } from '../problems.ts';
import { type Attempt, inProgress } from './attempt.ts';
import { rejectionBy } from './record.ts';
import type { Outcome } from './request.ts';

/** Answers for a request that this attempt could not claim: with what became of it, or that it is worked at. */
export const replay = async (
  attempt: Attempt,
  { item, final }: Claimed & { readonly mine: false },
): Promise<Outcome> => {
  const { ledger, clock, claim, arrival, request, timings } = attempt;
  if (final) throw rejected(final);
  if (item.fingerprint !== arrival.fingerprint) {
    const reused = keyReused();
    const isFinal = !request.redelivered || (await ledger.answerFinally(claim.id, arrival, rejectionBy(reused)));
    throw isFinal ? reused : inProgress('This request has come again meanwhile.', 1_000);
  }
  if (item.state === 'created' && item.resource !== undefined)
    return read(attempt, item.resource, 'replayed', item.updatedAt);
  // Redelivered, a message would claim the request: another arrival's rejection is not its outcome.
  const isFinal = !request.redelivered || item.finalFor === arrival.arrivalID;
  if (item.state === 'rejected' && isFinal) throw rejected(item);
  throw inProgress('This request is being worked on.', (item.lease ?? 0) + timings.clockSkew - clock.now());
};

const keyReused = () => new Problem('KEY_REUSED', 'The Idempotency-Key was used with another body; use a new key.');

/**
 * The resource as PingOne has it now; `recordedAt` is when the ledger got it, in milliseconds since the epoch.
 * @throws Problem RESOURCE_GONE (410); PINGONE_UNREACHABLE (503) where PingOne can't show it, or not yet
 */
export const read = async (
  attempt: Attempt,
  id: string,
  how: 'adopted' | 'replayed',
  recordedAt: number,
): Promise<Outcome> => {
  const { pingOne, request, clock, deadline, timings } = attempt;
  const answer = await pingOne.read(request.endpoint, request.parameters, id, deadline).catch((cause) => {
    throw notShown(id, { cause });
  });
  if (answer.status === 404) {
    // PingOne may show a new resource late.
    const restMs = recordedAt + timings.graceLost + timings.clockSkew - clock.now();
    if (restMs > 0) throw notShown(id, { retryAfterMs: restMs });
    throw new Problem('RESOURCE_GONE', `The resource ${id} was created, and has been deleted since.`, { resource: id });
  }
  if (answer.status !== 200 || !resourceIDIn(jsonOf(answer.body), request.endpoint)) {
    throw notShown(id, {});
  }
  return { requestID: attempt.claim.id, how, id, text: answer.body.toString(), correlationID: correlationIDOf(answer) };
};

/** What was answered before, without PingOne's words: those are not kept. */
export const rejected = ({ problem = '', status, codes = [] }: Partial<Rejection>): Problem => {
  const code = isProblemCode(problem) ? problem : 'PINGONE_REFUSED';
  const message = 'The request was rejected before.';
  const [first = code] = codes;
  return new Problem(code, message, { status, upstream: { code: first, message } });
};

const notShown = (id: string, facts: ConstructorParameters<typeof Problem>[2]) =>
  new Problem('PINGONE_UNREACHABLE', `The resource ${id} was created, and PingOne does not show it now.`, facts);
