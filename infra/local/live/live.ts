import type { FrontWatch } from '../api-gateway/api-gateway.ts';
import type { AwsRequest, WatchAws } from '../aws/aws.ts';
import type { OnInvoke } from '../lambda/function.ts';
import type { OnLog } from '../lambda/instance.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Faults, SandboxWatch } from '../sandbox/sandbox.ts';
import { type AwsCall, awsCall } from './aws-call.ts';
import { type Board, createBoard, type QueueState } from './board.ts';
import { busSightings } from './bus-sightings.ts';
import { answered, received } from './front-sightings.ts';
import { invocationSightings } from './invocation-sightings.ts';
import { ledgerSighting } from './ledger-sightings.ts';
import { logSighting } from './log-sightings.ts';
import { faultDrawn, pingOneAnswered, pingOneCalled } from './pingone-sightings.ts';
import { queueSighting } from './queue-sightings.ts';
import { secretSighting } from './secret-sightings.ts';
import type { Sighting } from './step.ts';

/** What the parts of a gateway tell of what they do, and the board that it comes to. */
export interface Live {
  readonly board: Board;
  readonly front: FrontWatch;
  readonly aws: WatchAws;
  readonly sandbox: SandboxWatch;
  readonly onInvoke: OnInvoke;
  readonly onLog: OnLog;
  /** The same faults, each noted as it is chosen. */
  faults(faults: Faults): Faults;
}

export const createLive = (queues: () => readonly QueueState[]): Live => {
  const board = createBoard({ queues });

  /** What can't be shown must not fail what is watched. */
  const note = (see: () => readonly (Sighting | undefined)[]): void => {
    try {
      for (const sighting of see()) if (sighting) board.note(sighting);
    } catch (error) {
      console.error(error);
    }
  };

  const noteFault = ({ arrival }: { readonly arrival: Arrival }, fault: { readonly kind: string } | undefined) => {
    if (fault) note(() => [faultDrawn(arrival, fault.kind)]);
  };

  return {
    board,
    front: {
      received: (id, arrival) => note(() => [received(id, arrival)]),
      answered: (id, arrival, reply) => note(() => ['stream' in reply ? undefined : answered(id, arrival, reply)]),
    },
    aws: (request: AwsRequest, reply, invocation) => note(() => byService(board, awsCall(request, reply, invocation))),
    sandbox: {
      called: (arrival) => note(() => [pingOneCalled(arrival)]),
      answered: (arrival, outgoing) => note(() => [pingOneAnswered(arrival, outgoing)]),
    },
    onInvoke: (invocation) => note(() => invocationSightings(invocation)),
    onLog: (line) => note(() => [logSighting(line)]),
    faults: ({ create, list }) => ({
      create: (creation) => {
        const fault = create?.(creation);
        noteFault(creation, fault);
        return fault;
      },
      list: (listing) => {
        const fault = list?.(listing);
        noteFault(listing, fault);
        return fault;
      },
    }),
  };
};

const byService = (board: Board, call: AwsCall): readonly (Sighting | undefined)[] => {
  if (call.service === 'DynamoDB_20120810') return [ledgerSighting(call)];
  if (call.service === 'AmazonSQS') return [queueSighting(call)];
  if (call.service === 'secretsmanager') return [secretSighting(call)];
  if (call.service !== 'AWSEvents') return [];
  const events = busSightings(call);
  for (const { line } of events) board.noteEvent(line);
  return events;
};
