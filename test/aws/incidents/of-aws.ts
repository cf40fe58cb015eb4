import { always, type Incident } from './incident.ts';

/** SQS reports a queue that was idle for six hours this many minutes late ("Monitoring Amazon SQS queues"). */
const late = 15;

const visible = (of: RegExp) =>
  always({ metrics: [{ name: 'ApproximateNumberOfMessagesVisible', of, value: 1, late }] });
const counted = (name: string, of: RegExp) => always({ metrics: [{ name, of, value: 1 }] });

/** The age of an unread queue is that of its first message. */
const unread = (lateAt: (minute: number) => number): Incident['begin'] => {
  const metric = { name: 'ApproximateAgeOfOldestMessage', of: /RequestsQueue[\dA-F]{8}$/ };
  return async () => (minute) => ({ metrics: [{ ...metric, value: minute * 60, late: lateAt(minute) }] });
};

/** Incidents that only AWS's own metrics show. */
export const ofAws: readonly Incident[] = [
  { what: 'messages go to the dead letters', how: 'one', begin: visible(/RequestsDeadLetters[\dA-F]{8}$/) },
  { what: 'nothing reads a queue', how: 'its mapping is disabled', begin: unread(() => 0) },
  {
    what: 'nothing reads a queue',
    how: 'its mapping has been disabled for a day',
    begin: unread((minute) => Math.max(0, late - minute)),
  },
  {
    what: 'events cannot be delivered to a queue',
    how: 'they go to the queue of undelivered events',
    begin: visible(/RequestsUndelivered[\dA-F]{8}$/),
  },
  {
    what: 'events cannot be delivered to a queue, and are repeated',
    how: 'for a day at the most',
    begin: counted('RetryInvocationAttempts', /^Create\w+Rule/),
  },
  {
    what: 'events can be delivered neither to a queue nor to that of undelivered events',
    how: 'their key is disabled',
    begin: counted('InvocationsFailedToBeSentToDlq', /^Create\w+Rule/),
  },
  {
    what: 'request-status crashes or runs out of time',
    how: 'at each request',
    begin: counted('Errors', /^RequestStatusFunction/),
  },
  {
    what: 'a function crashes or runs out of time',
    how: 'at each batch',
    begin: counted('Errors', /^Create\w+QueueFunction/),
  },
  { what: 'Lambda throttles a function', how: 'each time', begin: counted('Throttles', /^Create\w+HttpFunction/) },
  {
    what: 'HTTP requests fail',
    how: 'API Gateway may not invoke a function',
    begin: always({ answers: [{ status: 500 }] }),
  },
  { what: 'API Gateway throttles requests', how: 'each of them', begin: always({ answers: [{ status: 429 }] }) },
];
