import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { maximumMessageBytes } from '../contract.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { Arrival, LedgerBy } from '../ledger/ledger.ts';
import { Problem, type ProblemCode } from '../problems.ts';
import { reported } from '../provision/attempt-line.ts';
import { fingerprintOf, nameIDsOf } from '../provision/identity.ts';
import { rejectionBy } from '../provision/record.ts';
import type { ProvisionRequest } from '../provision/request.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/logger.ts';
import { within } from '../runtime/within.ts';
import { acceptedMessage } from './accepted-request.ts';

/**
 * Records an admitted request, queues it, logs its attempt line and returns its item. It is queued in every state: another
 * attempt may die, and each acceptance gets an outcome. A denied request is recorded as rejected, unless the ledger has it,
 * and not queued. `keepUntil`: how long the ledger keeps the request, in seconds since the epoch.
 * @throws Problem
 */
export type Accept = (request: ProvisionRequest, deadline: number, keepUntil?: number) => Promise<RequestItem>;

export interface AcceptParts {
  readonly ledger: LedgerBy;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

export const acceptWith =
  (parts: AcceptParts): Accept =>
  (request, deadline, keepUntil) =>
    reported(
      parts,
      request,
      () => accept(parts, request, deadline, keepUntil),
      () => 'accepted',
    );

const accept = async (
  { ledger, sqs, queueUrl, clock }: AcceptParts,
  { endpoint, parameters, body, requestID, caller, arrivalID, keyless, key, denied }: ProvisionRequest,
  deadline: number,
  keepUntil: number | undefined,
): Promise<RequestItem> => {
  const message = acceptedMessage({ requestID, arrivalID, body: { ...body } });
  if (Buffer.byteLength(message) > maximumMessageBytes) {
    const detail = 'The body is too large for the queue; send it without respond-async.';
    throw new Problem('INVALID_REQUEST', detail, { status: 413 });
  }
  const failed = (code: ProblemCode, step: string) => (cause: unknown) => {
    const detail = `The request could not be ${step}; this attempt sent nothing.`;
    throw new Problem(code, detail, { cause, idempotencyKey: key });
  };
  const arrival: Arrival = {
    caller,
    fingerprint: fingerprintOf(body),
    name: nameIDsOf(endpoint, parameters, body).name,
    parameters: { ...parameters },
    arrivalID,
    key: keyless ? key : undefined,
    keepUntil,
  };
  if (denied) {
    await ledger(deadline)
      .deny(requestID, arrival, rejectionBy(denied), clock.now())
      .catch(failed('LEDGER_UNAVAILABLE', 'recorded'));
    throw denied;
  }
  const item = await ledger(deadline)
    .accept(requestID, arrival, clock.now())
    .catch(failed('LEDGER_UNAVAILABLE', 'recorded'));
  if (item.fingerprint !== arrival.fingerprint) {
    throw new Problem('KEY_REUSED', 'The Idempotency-Key was used with another body; use a new key.');
  }
  const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message });
  await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal })).catch(
    failed('QUEUE_UNAVAILABLE', 'queued'),
  );
  return item;
};
