import type { ApiGatewayWatch } from '../api-gateway/api-gateway.ts';
import type { WatchAws } from '../aws/aws.ts';
import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import type { OnInvoke } from '../lambda/function.ts';
import type { OnLog } from '../lambda/instance.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import type { Faults, SandboxWatch } from '../sandbox/sandbox.ts';
import { attemptIn } from './attempt-line.ts';
import { type EnforcementOf, observedInAws } from './aws-call.ts';
import { createFeed, type Feed } from './feed.ts';
import { httpAnswer, isCreate, receivedRequest, retryHeader } from './http-request.ts';
import { invocationOf } from './invocation.ts';
import type { Observation } from './observation.ts';
import { callOf, causesOf, endOfCall } from './pingone-call.ts';
import { queuedMessages } from './queued-messages.ts';
import type { Row } from './row.ts';
import { refusalIn } from './webhook.ts';

/** Called with the request of each outcome on the bus, and of each event that no rule took. */
export type OnBus = (row: Row) => void;

/** Observers for the parts of a gateway, and the feed of their observations. */
interface Live {
  readonly feed: Feed;
  readonly apiGateway: ApiGatewayWatch;
  readonly aws: WatchAws;
  readonly sandbox: SandboxWatch;
  readonly onInvoke: OnInvoke;
  readonly onLog: OnLog;
  /** The same faults; each is observed when it is drawn. */
  faults(faults: Faults): Faults;
}

/**
 * Observes the gateway from outside its functions, which run as they are deployed: an observer inside them would lengthen
 * each cold start.
 */
export const createLive = (
  queues: () => ReadonlyMap<string, EndpointQueues>,
  profile?: () => unknown,
  onBus: OnBus = () => {},
  enforcementOf: EnforcementOf = () => undefined,
): Live => {
  const messages = () => queuedMessages(queues());
  const feed = createFeed(messages, profile);
  const { note } = feed;
  const queueOf = (eventID: string) => messages().find(({ ids }) => ids.includes(eventID))?.endpoint;
  const answers = new WeakMap<Arrival, Outgoing>();
  let calls = 0;

  const called = (arrival: Arrival): void => {
    const { target, activity } = callOf(arrival) ?? {};
    if (target === undefined) return;
    const call = ++calls;
    const causes = causesOf(arrival);
    const begin = { part: 'PingOne', text: `Asked for ${target}`, tone: 'plain', call, activity } as const;
    note({ type: 'step', causes, step: begin });
    // The function waits until then, even if the sandbox has answered.
    arrival.over.addEventListener('abort', () => {
      const end = endOfCall(target, answers.get(arrival));
      note({ type: 'step', causes, step: { part: 'PingOne', ...end, call } });
    });
  };

  const drawn = <Fault extends { readonly kind: string }>(arrival: Arrival, fault: Fault | undefined) => {
    const step = { part: 'PingOne', text: `Injected fault: ${fault?.kind}`, tone: 'open' } as const;
    if (fault) note({ type: 'step', causes: causesOf(arrival), step });
    return fault;
  };

  return {
    feed,
    apiGateway: {
      received: (id, arrival) => {
        if (!isCreate(arrival)) return;
        const retryOf = arrival.headers[retryHeader]?.toString();
        note({ type: 'received', id, request: receivedRequest(arrival), retryOf });
        arrival.over.addEventListener('abort', () => note({ type: 'disconnected', id }));
      },
      answered: (id, arrival, reply) => {
        if (isCreate(arrival) && !('stream' in reply)) note({ type: 'answered', id, answer: httpAnswer(reply) });
      },
    },
    aws: (request, reply) => {
      for (const observation of observedInAws(request, reply, queueOf, enforcementOf)) {
        note(observation);
        const row = feed.find(onBusIn(observation) ?? '');
        if (row) onBus(row);
      }
    },
    sandbox: {
      called,
      answered: (arrival, outgoing) => {
        if (!arrival.over.aborted) answers.set(arrival, outgoing);
      },
    },
    onInvoke: ({ id, name, event }) => {
      const observation = invocationOf(id, name, event);
      if (observation) note(observation);
      return (error) => {
        note({ type: 'ended', invocation: id, error: error instanceof Error ? error.message : undefined });
      };
    },
    onLog: (line) => {
      const observation = attemptIn(line);
      if (observation) note(observation);
      const refusal = refusalIn(line);
      const step = { part: 'function', text: `Refused the webhook: ${refusal?.reason}`, tone: 'bad' } as const;
      if (refusal) note({ type: 'step', causes: [refusal.invocation], step });
    },
    faults: ({ create, list, deploy }) => ({
      create: (creation) => drawn(creation.arrival, create?.(creation)),
      list: (listing) => drawn(listing.arrival, list?.(listing)),
      deploy: (arrival) => drawn(arrival, deploy?.(arrival)),
    }),
  };
};

/** The id of an outcome's arrival, or of an event that reached no queue. */
const onBusIn = (observation: Observation): string | undefined => {
  if (observation.type === 'published') return observation.outcome.arrival;
  return observation.type === 'put' && observation.event.queue === undefined ? observation.event.id : undefined;
};
