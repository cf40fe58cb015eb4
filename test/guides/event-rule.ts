import type { EventPattern } from '../../infra/local/aws/event-bridge/pattern.ts';

/** The pattern of an EventBridge rule that is written as the one in the events guide. */
export const patternOf = (rule: string): EventPattern => ({
  source: listIn(rule, 'source'),
  'detail-type': listIn(rule, 'detail-type'),
});

const listIn = (rule: string, member: string): readonly string[] => {
  const list = new RegExp(`^ {6}${member}: \\[(.*)\\]$`, 'm').exec(rule)?.[1];
  if (list === undefined) throw new Error(`the pattern has no list of ${member}`);
  return list.split(', ');
};
