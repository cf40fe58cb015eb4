import type { Rejection } from '../ledger/items.ts';
import type { Claimed } from '../ledger/ledger.ts';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import { resourceIDIn } from '../pingone/resource.ts';
import { isProblemCode, Problem } from '../problems.ts';
import { jsonOf } from '../runtime/connection.ts';
import { type Attempt, inProgress } from './attempt.ts';
import { rejectionBy } from './record.ts';
import type { Outcome } from './request.ts';

/** Answers a request that this attempt could not claim: with its outcome, or that it is in progress. */
export const replay = async (
  attempt: Attempt,
  { item, final }: Claimed & { readonly isOwner: false },
): Promise<Outcome> => {
  const { ledger, clock, claim, arrival, request, timings } = attempt;
  if (final) throw rejected(final);
  if (item.fingerprint !== arrival.fingerprint) {
    const reused = keyReused();
    const isFinal = !request.redelivered || (await ledger.answerFinally(claim.id, arrival, rejectionBy(reused)));
    throw isFinal ? reused : inProgress('This request was delivered again meanwhile.', 1_000);
  }
  if (item.state === 'created' && item.resource !== undefined)
    return read(attempt, item.resource, 'replayed', item.updatedAt);
  // A redelivered message gets only its own rejection: another arrival's is not its outcome.
  const isFinal = !request.redelivered || item.finalFor === arrival.arrivalID;
  if (item.state === 'rejected' && isFinal) throw rejected(item);
  throw inProgress('This request is in progress.', (item.lease ?? 0) + timings.clockSkew - clock.now());
};

const keyReused = () => new Problem('KEY_REUSED', 'The Idempotency-Key was used with another body; use a new key.');

/**
 * Reads the resource from PingOne; `recordedAt` is when the ledger recorded it, in milliseconds since the epoch.
 * @throws Problem RESOURCE_GONE (410); PINGONE_UNREACHABLE (503) if PingOne does not return it, or not yet
 */
export const read = async (
  attempt: Attempt,
  id: string,
  how: 'adopted' | 'replayed',
  recordedAt: number,
): Promise<Outcome> => {
  const { pingOne, request, clock, deadline, timings } = attempt;
  const answer = await pingOne.read(request.endpoint, request.parameters, id, deadline).catch((cause) => {
    throw notReturned(id, { cause });
  });
  if (answer.status === 404) {
    // PingOne may return a new resource late.
    const restMs = recordedAt + timings.graceLost + timings.clockSkew - clock.now();
    if (restMs > 0) throw notReturned(id, { retryAfterMs: restMs });
    throw new Problem('RESOURCE_GONE', `The resource ${id} was created and later deleted; use a new key.`, {
      resource: id,
    });
  }
  if (answer.status !== 200 || !resourceIDIn(jsonOf(answer.body), request.endpoint)) {
    throw notReturned(id, {});
  }
  return { requestID: attempt.claim.id, how, id, text: answer.body.toString(), correlationID: correlationIDOf(answer) };
};

/** The recorded rejection, without PingOne's messages, which the ledger does not keep. */
export const rejected = ({ problem = '', status, codes = [] }: Partial<Rejection>): Problem => {
  const code = isProblemCode(problem) ? problem : 'PINGONE_REFUSED';
  const message = 'The request was rejected before.';
  const [first = code] = codes;
  return new Problem(code, message, { status, upstream: { code: first, message } });
};

const notReturned = (id: string, facts: ConstructorParameters<typeof Problem>[2]) =>
  new Problem(
    'PINGONE_UNREACHABLE',
    `The resource ${id} was created, but PingOne does not return it now; retry later.`,
    facts,
  );
