import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSources } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { GatewayError } from '../problems.ts';
import { type Clock, sleep } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';
import { type OutcomeKind, outcomeType } from './outcome.ts';

/** Thrown when an outcome could not be published: SQS must redeliver its message. */
export class NotPublished extends GatewayError {
  override readonly name = 'NotPublished';
}

/** `deadline` is in milliseconds since the epoch. */
export type Publish = (endpoint: Endpoint, kind: OutcomeKind, detail: object, deadline: number) => Promise<void>;

const tries = 3;
const waitMs = 100;

/** Publishes outcomes on the bus; retries an entry that the bus refuses. @throws NotPublished */
export const publishTo =
  (events: EventBridgeClient, bus: string, clock: Clock): Publish =>
  async (endpoint, kind, detail, deadline) => {
    const entry = {
      EventBusName: bus,
      Source: eventSources.outcome,
      DetailType: outcomeType(endpoint, kind),
      Detail: JSON.stringify(detail),
    };
    for (let nth = 1; nth <= tries; nth++) {
      const command = new PutEventsCommand({ Entries: [entry] });
      const { FailedEntryCount } = await within(clock, deadline, (abortSignal) =>
        events.send(command, { abortSignal }),
      ).catch((cause) => {
        throw new NotPublished('the outcome could not be put on the bus', { cause });
      });
      if (FailedEntryCount === 0) return;
      await sleep(clock, waitMs * nth);
    }
    throw new NotPublished(`the bus refused the outcome ${tries} times`);
  };
