import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSources } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { GatewayError } from '../problems.ts';
import { type Clock, sleep } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';
import type { DeploymentOutcomeKind } from './deployment-outcome.ts';
import { type OutcomeKind, outcomeType } from './outcome.ts';

/** Thrown when an outcome could not be published: SQS must redeliver its message. */
export class NotPublished extends GatewayError {
  override readonly name = 'NotPublished';
}

/** `deadline` is in milliseconds since the epoch. @throws NotPublished */
export type Publish = (
  endpoint: Endpoint,
  kind: OutcomeKind | DeploymentOutcomeKind,
  detail: object,
  deadline: number,
) => Promise<void>;

/** An outcome, and how its message learns that it is on the bus or could not be published. */
export interface UnpublishedOutcome {
  readonly endpoint: Endpoint;
  readonly kind: OutcomeKind | DeploymentOutcomeKind;
  /** JSON. */
  readonly detail: string;
  /** In milliseconds since the epoch. */
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: NotPublished) => void;
}

export type PutOutcomes = (outcomes: readonly UnpublishedOutcome[]) => Promise<void>;

const tries = 3;
const waitMs = 100;

/** Puts outcomes on the bus, ten at most, or none; retries the entries that the bus refuses. */
export const putOn = (events: EventBridgeClient, bus: string, clock: Clock): PutOutcomes => {
  /** Resolves the outcomes that the bus takes; returns the others. */
  const put = async (outcomes: readonly UnpublishedOutcome[], deadline: number) => {
    const command = new PutEventsCommand({
      Entries: outcomes.map(({ endpoint, kind, detail }) => ({
        EventBusName: bus,
        Source: eventSources.outcome,
        DetailType: outcomeType(endpoint, kind),
        Detail: detail,
      })),
    });
    const { FailedEntryCount, Entries = [] } = await within(clock, deadline, (abortSignal) =>
      events.send(command, { abortSignal }),
    );
    const isTaken = (nth: number) => FailedEntryCount === 0 || Entries[nth]?.EventId !== undefined;
    for (const { resolve } of outcomes.filter((_, nth) => isTaken(nth))) resolve();
    return outcomes.filter((_, nth) => !isTaken(nth));
  };

  return async (outcomes) => {
    const deadline = Math.min(...outcomes.map((outcome) => outcome.deadline));
    let left = outcomes;
    let error = new NotPublished(`the bus refused the outcome ${tries} times`);
    for (let nth = 1; nth <= tries && left.length > 0; nth++) {
      if (nth > 1) await sleep(clock, waitMs * (nth - 1));
      try {
        left = await put(left, deadline);
      } catch (cause) {
        error = new NotPublished('the outcome could not be put on the bus', { cause });
        break;
      }
    }
    for (const { reject } of left) reject(error);
  };
};
