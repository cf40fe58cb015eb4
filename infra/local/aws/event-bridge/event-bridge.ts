import type { Clock } from '../../../../lib/runtime/clock.ts';
import { account, region } from '../account.ts';
import { AwsError, type AwsService, answerJson, operation } from '../service.ts';
import type { Queue } from '../sqs/queue.ts';
import { type BusEvent, eventOf } from './event.ts';
import { type EventPattern, matches } from './pattern.ts';
import { checkEntries, invalid, putEvents } from './requests.ts';

export interface Rule {
  /** The name of its bus. */
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly target: Queue | ((event: BusEvent) => void);
}

interface EventBridge extends AwsService {
  addRule(rule: Rule): void;
  /** Events that matched a rule but were refused by its queue. AWS does not report them to the sender either. */
  readonly undelivered: readonly BusEvent[];
}

/** EventBridge: rules that deliver at once. As on AWS, any bus takes events; those on one without rules are lost. */
export const createEventBridge = (clock: Clock): EventBridge => {
  const rules: Rule[] = [];
  const undelivered: BusEvent[] = [];

  const deliver = (bus: string, event: BusEvent, json: string): void => {
    for (const { target } of rules.filter((rule) => rule.bus === bus && matches(rule.pattern, event))) {
      if (typeof target === 'function') target(event);
      else if (!sendTo(target, json)) undelivered.push(event);
    }
  };

  const refuse = () => invalid('A parameter is missing or has the wrong type.');

  return {
    target: 'AWSEvents',
    addRule: (rule) => {
      rules.push(rule);
    },
    undelivered,
    answer: answerJson('1.1', {
      PutEvents: operation(putEvents, refuse, (input) => {
        checkEntries(input);
        const results = input.Entries.map((entry) => {
          const made = eventOf(entry, clock.now());
          if ('ErrorCode' in made) return made;
          deliver(nameOf(entry.EventBusName), made.event, made.json);
          return { EventId: made.event.id };
        });
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      }),
    }),
  };
};

const arnPrefix = `arn:aws:events:${region}:${account}:event-bus/`;

const nameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith(arnPrefix) ? nameOrArn.slice(arnPrefix.length) : nameOrArn;

/** Whether a queue takes an event. Its envelope may make one too large that PutEvents took. */
const sendTo = (queue: Queue, body: string): boolean => {
  try {
    queue.send({ body });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
};
