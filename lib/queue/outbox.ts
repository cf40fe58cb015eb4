import type { Clock } from '../runtime/clock.ts';
import type { Publish, PutOutcomes, UnpublishedOutcome } from './publish.ts';

/** Handles one message of a batch with a `publish` that resolves when the message's own outcome is on the bus. */
export type WithPublish = <Result>(handle: (publish: Publish) => Promise<Result>) => Promise<Result>;

/** Opens the outbox of a batch with that number of messages. */
export type OpenOutbox = (messages: number) => WithPublish;

/** How long an outcome waits for those of other messages, in milliseconds. */
const collectMs = 100;

/** Limits of a PutEvents call; EventBridge allows 256 kB in all. */
const mostEntries = 10;
const mostBytes = 200_000;

/**
 * Collects the outcomes of a batch, to publish them in one call: as soon as no message is being worked on any more, and at
 * the latest 100 ms after the first outcome.
 */
export const outboxOf =
  (put: PutOutcomes, clock: Clock): OpenOutbox =>
  (messages) => {
    let working = messages;
    let waiting: UnpublishedOutcome[] = [];
    let bytes = 0;
    let cancel = () => {};

    const flush = () => {
      cancel();
      void put(waiting);
      waiting = [];
      bytes = 0;
    };
    const publish: Publish = (endpoint, kind, detail, deadline) =>
      new Promise((resolve, reject) => {
        const text = JSON.stringify(detail);
        const size = Buffer.byteLength(text);
        if (bytes + size > mostBytes || waiting.length === mostEntries) flush();
        if (waiting.length === 0) cancel = clock.after(collectMs, flush);
        waiting.push({ endpoint, kind, detail: text, deadline, resolve, reject });
        bytes += size;
      });

    return async (handle) => {
      let isWorking = true;
      const rest = () => {
        if (isWorking) working--;
        isWorking = false;
        if (working === 0) flush();
      };
      try {
        return await handle((...outcome) => {
          const published = publish(...outcome);
          rest();
          return published;
        });
      } finally {
        rest();
      }
    };
  };
