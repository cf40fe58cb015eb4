import type { Clock } from '../../../../lib/runtime/clock.ts';
import { account, region } from '../account.ts';
import { AwsError, type AwsService, answerJson } from '../service.ts';
import type { Queue } from '../sqs/queue.ts';
import { type BusEvent, eventOf } from './event.ts';
import { type EventPattern, matches } from './pattern.ts';
import { describeRequest, entriesOf, listRequest, parse } from './requests.ts';

export interface Rule {
  /** The name of its bus. */
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly target: Queue | ((event: BusEvent) => void);
}

export interface EventBridge extends AwsService {
  createBus(name: string): void;
  addRule(rule: Rule): void;
  /** Events that matched and could not be delivered; on AWS nobody is told either. */
  readonly undelivered: readonly BusEvent[];
}

/** EventBridge: buses, and rules that deliver at once. */
export const createEventBridge = (clock: Clock): EventBridge => {
  const buses = new Set(['default']);
  const rules: Rule[] = [];
  const undelivered: BusEvent[] = [];

  const deliver = (bus: string, event: BusEvent, json: string): void => {
    for (const { target } of rules.filter((rule) => rule.bus === bus && matches(rule.pattern, event))) {
      if (typeof target === 'function') target(event);
      else if (!sendTo(target, json)) undelivered.push(event);
    }
  };

  const putEvents = (input: unknown) => {
    const results = entriesOf(input).map((entry) => {
      const made = eventOf(entry, clock.now());
      if ('ErrorCode' in made) return made;
      // As on AWS, a bus that doesn't exist takes everything and delivers nothing.
      deliver(nameOf(entry.EventBusName), made.event, made.json);
      return { EventId: made.event.id };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };

  const describe = (name: string) => {
    if (buses.has(name)) return { Name: name, Arn: `${arnPrefix}${name}` };
    throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  };

  return {
    target: 'AWSEvents',
    createBus: (name) => {
      buses.add(name);
    },
    addRule: (rule) => {
      rules.push(rule);
    },
    undelivered,
    answer: answerJson(
      '1.1',
      new Map<string, (input: unknown) => unknown>([
        ['PutEvents', putEvents],
        ['DescribeEventBus', (input) => describe(nameOf(parse(describeRequest, input).Name))],
        [
          'ListEventBuses',
          (input) => {
            const { NamePrefix } = parse(listRequest, input);
            return { EventBuses: [...buses].filter((name) => name.startsWith(NamePrefix)).map(describe) };
          },
        ],
      ]),
    ),
  };
};

const arnPrefix = `arn:aws:events:${region}:${account}:event-bus/`;

const nameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith(arnPrefix) ? nameOrArn.slice(arnPrefix.length) : nameOrArn;

/** False where the queue doesn't take it: an entry may be as large as a message, and grows by its envelope. */
const sendTo = (queue: Queue, body: string): boolean => {
  try {
    queue.send({ body });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
};
