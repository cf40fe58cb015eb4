import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { functionLimits } from '../../infra/deployment.ts';
import { account } from '../../infra/local/aws/account.ts';
import { createEndpointQueues, eventBusName, outcomePattern } from '../../infra/local/gateway/endpoint-queues.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { startEventSource } from '../../infra/local/lambda/event-source/event-source.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import type { Provision, ProvisionRequest } from '../../lib/provision/request.ts';
import { queueHandler } from '../../lib/queue/handler.ts';
import { outboxOf } from '../../lib/queue/outbox.ts';
import { putOn } from '../../lib/queue/publish.ts';
import { queuesAt } from '../../lib/queue/queues.ts';
import { mortalPart, type Step, type System } from './system.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** As the queue functions are deployed, in milliseconds. */
const functionTimeoutMs = functionLimits.queue.timeoutSeconds * 1000;

export interface PublishedOutcome {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

export interface BusOptions {
  /** The step at which a function that was started for these messages dies. */
  readonly dies?: () => (step: Step) => boolean;
  /** The visibility timeout; the deployed one by default. */
  readonly visibilityTimeoutSeconds?: number;
  /** The grants, read for each batch; by default every sender of tests may create everything. */
  readonly grants?: () => GrantsDocument;
  /** Replaces the real one. */
  readonly provision?: Provision;
  /** Called with the result of each invocation, like Lambda's runtime. */
  readonly watch?: (answer: Promise<unknown>) => void;
}

/** A sender of tests' events, in the account of the local AWS. */
export const senderOf = (source: string) => ({ event: { account, source } });

const all: GrantsDocument = {
  version: '1',
  callers: [
    callerOfAll('ci', [senderOf('com.example.ci')]),
    callerOfAll('catalogue', [senderOf('com.example.catalogue')]),
    callerOfAll('alice', [senderOf('com.example.alice')]),
  ],
};

/** An endpoint's queue door in a running system: bus, rule, queue, event source, function, and its outcomes. */
export const startBus = (
  system: System,
  endpoint: Endpoint,
  {
    dies = () => () => false,
    visibilityTimeoutSeconds,
    grants = () => all,
    provision,
    watch = () => {},
  }: BusOptions = {},
) => {
  const { aws, clock, sqs, events, log } = system;
  const { queue, deadLetters } = createEndpointQueues(aws, endpoint, visibilityTimeoutSeconds);
  const outcomes: PublishedOutcome[] = [];
  aws.events.addRule({
    bus: eventBusName,
    pattern: {
      ...outcomePattern,
      'detail-type': ['Created', 'Rejected', 'Unresolved'].map((kind) => endpoint.event.replace('Requested', kind)),
    },
    target: (event) => void outcomes.push({ type: event['detail-type'], detail: Object(event.detail) }),
  });
  const queues = queuesAt(sqs, queue.url, deadLetters.url, clock);
  const outbox = outboxOf(putOn(watchedClient(events, clock), eventBusName, clock), clock);
  const watched = {
    deadLetter: (...args: Parameters<typeof queues.deadLetter>) => clock.during(queues.deadLetter(...args)),
    postpone: (...args: Parameters<typeof queues.postpone>) => clock.during(queues.postpone(...args)),
  };

  const invoke = async (event: SQSEvent): Promise<unknown> => {
    const end = clock.now() + functionTimeoutMs;
    const died = Promise.withResolvers<never>();
    const fate = { dies: dies(), sleeps: {}, onDeath: () => died.reject(new Error('the function died')) };
    const mortal = mortalPart('queue', watched, fate);
    const handler = queueHandler({
      ...system.composed(endpoint, fate),
      ...(provision && { provision }),
      endpoint,
      grants: parseGrants(grants()),
      unknownMembers: 'refuse',
      outbox: (messages) => {
        const withPublish = outbox(messages);
        return (handle) => withPublish((publish) => handle(mortalPart('queue', { publish }, fate).publish));
      },
      queues: mortal,
      now: clock.now,
      log,
    });
    const context: Partial<Context> = { getRemainingTimeInMillis: () => end - clock.now() };
    const answer = handler(event, Object(context));
    watch(answer);
    return Promise.race([died.promise, answer]);
  };
  const { ledger } = system.composed(endpoint, { dies: () => false, sleeps: {}, onDeath: () => {} });
  const source = startEventSource({ queue, invoke });

  return {
    queue,
    deadLetters,
    outcomes,
    events,
    /** Puts an event on the bus, as another system does. */
    put: async (detail: unknown, { source: from = 'com.example.ci', type = endpoint.event } = {}) => {
      const entry = { EventBusName: eventBusName, Source: from, DetailType: type, Detail: JSON.stringify(detail) };
      const { Entries } = await clock.during(events.send(new PutEventsCommand({ Entries: [entry] })));
      return Entries?.[0]?.EventId ?? '';
    },
    /** Puts a message into the queue itself. */
    send: (body: string) => clock.during(sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }))),
    accept: (request: ProvisionRequest) =>
      clock.during(
        acceptWith({ ledger, sqs, queueUrl: queue.url, clock, log: () => {} })(request, clock.now() + 26_000),
      ),
    ledger: ledger(Number.POSITIVE_INFINITY),
    close: async () => {
      await source.close();
    },
  };
};

/** A client whose calls take real time on the virtual clock. */
export const watchedClient = (events: EventBridgeClient, clock: VirtualClock): EventBridgeClient =>
  new Proxy(events, {
    get: (target, member) =>
      member === 'send'
        ? (command: PutEventsCommand) => clock.during(target.send(command))
        : Reflect.get(target, member),
  });

export type Bus = ReturnType<typeof startBus>;
