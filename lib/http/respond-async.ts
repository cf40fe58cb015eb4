import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { acceptedMessage } from '../accepted-request.ts';
import type { Clock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { fingerprintOf, nameIDOf } from '../identity.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/table.ts';
import type { ProvisionRequest } from '../provision/provision.ts';

/** Notes a checked request and gives it to the queue; says in what state it stands. Throws Problem. */
export type Accept = (request: ProvisionRequest) => Promise<RequestItem>;

/** An SQS message in bytes at the most. */
const maximumBytes = 1_048_576;

/** Whether the caller would rather not wait (RFC 7240). */
export const prefersAsync = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  (headers.prefer ?? '').split(',').some((preference) => /^respond-async\s*(?:;|$)/i.test(preference.trim()));

export const acceptInto =
  (ledger: Ledger, sqs: SQSClient, queueUrl: string, clock: Clock): Accept =>
  async ({ endpoint, parameters, body, requestID, caller, arrivalID, keyless, key }) => {
    const message = acceptedMessage({ requestID, arrivalID, body: { ...body } });
    if (Buffer.byteLength(message) > maximumBytes) {
      throw new Problem('INVALID_REQUEST', 'The body is too large for the queue; send it without respond-async.', {
        status: 413,
      });
    }
    const fingerprint = fingerprintOf(body);
    const name = nameIDOf(endpoint, parameters, body);
    const arrival = {
      caller,
      fingerprint,
      name,
      parameters: { ...parameters },
      arrivalID,
      key: keyless ? key : undefined,
    };
    const item = await ledger.accept(requestID, arrival, clock.now()).catch((cause) => {
      throw notAccepted(cause, key);
    });
    if (item.fingerprint !== fingerprint) {
      throw new Problem('KEY_REUSED', 'The Idempotency-Key was used for a request with another body; use a new key.');
    }
    // A repetition goes into the queue again, where it is open: the first message may never have got there.
    if (item.state === 'accepted' || item.state === 'unknown') {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message })).catch((cause) => {
        throw notAccepted(cause, key);
      });
    }
    return item;
  };

const notAccepted = (cause: unknown, idempotencyKey: string | undefined) =>
  new Problem(
    'LEDGER_UNAVAILABLE',
    `The request could not be ${cause instanceof LedgerUnavailable ? 'recorded' : 'queued'}; nothing was sent.`,
    {
      cause,
      idempotencyKey,
    },
  );
