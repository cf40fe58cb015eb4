import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { acceptedMessage } from '../intake/accepted-request.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { LedgerBy } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/table.ts';
import { Problem } from '../problems.ts';
import { fingerprintOf, nameIDsOf } from '../provision/identity.ts';
import type { ProvisionRequest } from '../provision/request.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';

/**
 * Records a checked request and puts it into the queue; says in what state it is. Every request that is accepted is in
 * the queue, whatever its state: another attempt may die, and each acceptance gets its outcome. Throws Problem.
 */
export type Accept = (request: ProvisionRequest, deadline: number) => Promise<RequestItem>;

/** An SQS message in bytes at the most. */
const maximumBytes = 1_048_576;

/** Whether the caller would rather not wait (RFC 7240). */
export const prefersAsync = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  (headers.prefer ?? '').split(',').some((preference) => /^respond-async\s*(?:;|$)/i.test(preference.trim()));

export const acceptInto =
  (ledger: LedgerBy, sqs: SQSClient, queueUrl: string, clock: Clock): Accept =>
  async ({ endpoint, parameters, body, requestID, caller, arrivalID, keyless, key }, deadline) => {
    const message = acceptedMessage({ requestID, arrivalID, body: { ...body } });
    if (Buffer.byteLength(message) > maximumBytes) {
      throw new Problem('INVALID_REQUEST', 'The body is too large for the queue; send it without respond-async.', {
        status: 413,
      });
    }
    const fingerprint = fingerprintOf(body);
    const { name } = nameIDsOf(endpoint, parameters, body);
    const arrival = {
      caller,
      fingerprint,
      name,
      parameters: { ...parameters },
      arrivalID,
      key: keyless ? key : undefined,
    };
    const item = await ledger(deadline)
      .accept(requestID, arrival, clock.now())
      .catch((cause) => {
        throw notAccepted(cause, key);
      });
    if (item.fingerprint !== fingerprint) {
      throw new Problem('KEY_REUSED', 'The Idempotency-Key was used for a request with another body; use a new key.');
    }
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal })).catch((cause) => {
      throw notAccepted(cause, key);
    });
    return item;
  };

const notAccepted = (cause: unknown, idempotencyKey: string | undefined) =>
  new Problem(
    'LEDGER_UNAVAILABLE',
    `The request could not be ${cause instanceof LedgerUnavailable ? 'recorded' : 'queued'}; this attempt sent nothing.`,
    {
      cause,
      idempotencyKey,
    },
  );
