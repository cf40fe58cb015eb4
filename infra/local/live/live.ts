import type { ApiGatewayWatch } from '../api-gateway/api-gateway.ts';
import type { WatchAws } from '../aws/aws.ts';
import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import type { OnInvoke } from '../lambda/function.ts';
import type { OnLog } from '../lambda/instance.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import type { Faults, SandboxWatch } from '../sandbox/sandbox.ts';
import { type Board, createBoard } from './board.ts';
import { queuedMessages } from './queued-messages.ts';
import {
  answerOf,
  askedOf,
  attemptIn,
  callersOf,
  endOf,
  invokedFor,
  isCreate,
  ledgerWrite,
  putsIn,
  retryHeader,
  sentBy,
} from './watch.ts';

/** What the parts of a gateway report, and the board that it comes to. */
export interface Live {
  readonly board: Board;
  readonly front: ApiGatewayWatch;
  readonly aws: WatchAws;
  readonly sandbox: SandboxWatch;
  readonly onInvoke: OnInvoke;
  readonly onLog: OnLog;
  /** The same faults, each reported as it is drawn. */
  faults(faults: Faults): Faults;
}

/**
 * Watches the gateway from outside of its functions, which run as they are deployed: an observer in them would cost each
 * cold start bytes. What is seen: HTTP calls, invocations, calls of PingOne, the line that each attempt logs, the item
 * that each ledger write answers with, and what the queues hold.
 */
export const createLive = (queues: () => ReadonlyMap<string, EndpointQueues>, profile?: () => unknown): Live => {
  const messages = () => queuedMessages(queues());
  const board = createBoard({ messages, profile });
  const { note } = board;
  const calls = new WeakMap<Arrival, (outgoing: Outgoing | undefined) => void>();
  let count = 0;

  const called = (arrival: Arrival): void => {
    const asked = askedOf(arrival);
    if (asked === undefined) return;
    const { doing, what } = asked;
    const call = ++count;
    const within = callersOf(arrival);
    let answer: Outgoing | undefined;
    note({ type: 'step', within, step: { part: 'PingOne', text: `Asked for ${what}`, tone: 'plain', call, doing } });
    // Until then the function waits, whatever the sandbox has made of the call.
    arrival.over.addEventListener('abort', () =>
      note({ type: 'step', within, step: { part: 'PingOne', ...endOf(what, answer), call } }),
    );
    calls.set(arrival, (outgoing) => {
      if (!arrival.over.aborted) answer = outgoing;
    });
  };

  const drawn = <Fault extends { readonly kind: string }>(arrival: Arrival, fault: Fault | undefined) => {
    const step = { part: 'PingOne', text: `Injected fault: ${fault?.kind}`, tone: 'open' } as const;
    if (fault) note({ type: 'step', within: callersOf(arrival), step });
    return fault;
  };

  return {
    board,
    front: {
      received: (id, arrival) => {
        if (!isCreate(arrival)) return;
        note({ type: 'received', id, sent: sentBy(arrival), retryOf: arrival.headers[retryHeader]?.toString() });
        arrival.over.addEventListener('abort', () => note({ type: 'left', id }));
      },
      answered: (id, arrival, reply) => {
        if (!isCreate(arrival) || 'stream' in reply) return;
        note({ type: 'answered', id, answer: answerOf(reply) });
      },
    },
    aws: (request, reply) => {
      if (request.service === 'DynamoDB_20120810') {
        const write = ledgerWrite(request, reply);
        if (write) note({ type: 'ledger', ...write });
      }
      if (request.service !== 'AWSEvents' || request.operation !== 'PutEvents') return;
      for (const put of putsIn(request, reply)) {
        if ('outcome' in put) {
          note({ type: 'published', outcome: put.outcome });
          continue;
        }
        const queue = messages().find(({ ids }) => ids.includes(put.event.id))?.endpoint;
        note({ type: 'put', event: { ...put.event, queue } });
      }
    },
    sandbox: {
      called,
      answered: (arrival, outgoing) => calls.get(arrival)?.(outgoing),
    },
    onInvoke: ({ id: invocation, name, event }) => {
      const invoked = invokedFor(event);
      if ('id' in invoked) note({ type: 'invoked', invocation, name, id: invoked.id });
      else
        note({ type: 'delivered', invocation, endpoint: name.replace(/-queue$/, ''), deliveries: invoked.deliveries });
      return (error) => note({ type: 'ended', invocation, error: error instanceof Error ? error.message : undefined });
    },
    onLog: (line) => {
      const attempt = attemptIn(line);
      if (attempt) note({ type: 'attempt', ...attempt });
    },
    faults: ({ create, list }) => ({
      create: (creation) => drawn(creation.arrival, create?.(creation)),
      list: (listing) => drawn(listing.arrival, list?.(listing)),
    }),
  };
};
