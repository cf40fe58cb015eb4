import type { Context, SQSEvent } from 'aws-lambda';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { queueHandler } from '../../lib/queue/handler.ts';
import type { WithPublish } from '../../lib/queue/outbox.ts';
import { gatewayOn } from './gateway.ts';
import { epoch, type Outside } from './program.ts';
import { type Asking, caller, type Sender, senderOf } from './sender.ts';

/** As the queue functions are deployed, in milliseconds. */
const functionMs = 60_000;

const sender = { source: 'com.example.alice', account: '123456789012' };
const grants = parseGrants({ version: '1', callers: [callerOfAll(caller, [{ event: sender }])] });

/** A queue that has an event, or the message of an accepted request. */
export const queueSender = (name: string, asking: Asking = {}): Sender =>
  senderOf(name, 'queue', asking, (nth) => async (outside) => {
    const { provision, ledger, clock, log } = gatewayOn(outside, `${name}${nth}`, nth, asking);
    const end = clock.now() + functionMs;
    const doorTo = { provision, ledger, now: clock.now, log, ...told(outside) };
    const handler = queueHandler({ ...doorTo, endpoint, grants, unknownMembers: 'refuse' });
    const context: Partial<Context> = { getRemainingTimeInMillis: () => end - clock.now() };
    const { batchItemFailures } = await handler(batchOf(name, nth, asking), Object(context));
    return { told: batchItemFailures.length === 0 ? 'acknowledged' : 'returned' };
  });

/** Where a message's outcome goes. */
const told = (outside: Outside) => ({
  outbox: (): WithPublish => (handle) =>
    handle(async (_endpoint, _kind, detail) => {
      await outside.call({ kind: 'publish', detail: { ...detail } });
    }),
  queues: {
    deadLetter: async (_record: unknown, reason: string) => outside.alarm(`a message is dead-lettered: ${reason}`),
    postpone: async (_record: unknown, milliseconds: number) => {
      await outside.call({ kind: 'postpone', milliseconds });
    },
  },
});

const batchOf = (name: string, nth: number, { key, body = endpoint.example.body, ...asking }: Asking): SQSEvent => {
  const event = {
    ...sender,
    id: asking.event ?? `event-${name}`,
    time: new Date(epoch).toISOString(),
    'detail-type': endpoint.event,
    detail: { version: '1', idempotencyKey: key, ...endpoint.example.parameters, body },
  };
  const record = {
    messageId: name,
    receiptHandle: `${name}-${nth}`,
    body: asking.message ?? JSON.stringify(event),
    attributes: {
      ApproximateFirstReceiveTimestamp: String(epoch),
      ApproximateReceiveCount: String(nth),
      SenderId: name,
      SentTimestamp: String(epoch),
    },
  };
  return { Records: [Object(record)] };
};
