import { isProblemCode, Problem } from '../errors.ts';
import type { RequestItem } from '../ledger/items.ts';
import { jsonOf } from '../pingone/connection.ts';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import { resourceIDIn } from '../pingone/resource.ts';
import { type Attempt, inProgress } from './attempt.ts';
import type { Outcome } from './provision.ts';

/** Answers for a request that isn't this attempt's to work on. */
export const standing = async (attempt: Attempt, item: RequestItem): Promise<Outcome> => {
  if (item.fingerprint !== attempt.arrival.fingerprint) {
    throw new Problem('KEY_REUSED', 'The Idempotency-Key was used for a request with another body; use a new key.');
  }
  if (item.state === 'rejected') throw rejectionOf(item);
  if (item.state === 'created' && item.resource !== undefined) return reread(attempt, item.resource, 'replayed');
  throw inProgress('This request is being worked on.', (item.lease ?? 0) - attempt.clock.now());
};

/** The resource as PingOne has it now. Throws Problem RESOURCE_GONE (410) or PINGONE_UNREACHABLE (503): it was made, whatever PingOne says now. */
export const reread = async (attempt: Attempt, id: string, how: 'adopted' | 'replayed'): Promise<Outcome> => {
  const { pingOne, request, deadline } = attempt;
  const answer = await pingOne.read(request.endpoint, request.parameters, id, deadline).catch((cause) => {
    throw unread(id, cause);
  });
  if (answer.status === 404)
    throw new Problem('RESOURCE_GONE', `The resource ${id} was created, and has been deleted since.`, {
      resource: id,
    });
  if (answer.status !== 200 || !resourceIDIn(jsonOf(answer.body), request.endpoint)) throw unread(id);
  return { requestID: attempt.claim.id, how, id, text: answer.body.toString(), correlationID: correlationIDOf(answer) };
};

/** What was said of a request before, without PingOne's words: those are not kept. */
const rejectionOf = ({ problem = '', status, codes = [] }: RequestItem): Problem => {
  const code = isProblemCode(problem) ? problem : 'PINGONE_REFUSED';
  const message = 'The request was rejected before, when it came in for the first time.';
  const [first = code] = codes;
  return new Problem(code, message, { status, upstream: { code: first, message } });
};

const unread = (id: string, cause?: unknown) =>
  new Problem('PINGONE_UNREACHABLE', `The resource ${id} was created, and PingOne does not show it now.`, { cause });
