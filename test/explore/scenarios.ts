import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { refusedBody } from './create-transitions.ts';
import { acceptSender, httpSender } from './http-sender.ts';
import { queueSender } from './queue-sender.ts';
import type { Scenario } from './scenario.ts';

/** A body of the same name that is another request. */
const otherBody = { ...endpoint.example.body, properties: { a: { value: 'b' } } };

/** A function's clock that is ahead of another's as far as is promised, in milliseconds, and the other way round. */
const clocks = { behindFirst: { skewMs: [0, 10_000] }, aheadFirst: { skewMs: [10_000, 0] } };

const one = { areAlike: false, retries: 'inTurn', resources: 1 } as const;
const two = { ...one, resources: 2 } as const;

const [a, b, c] = [httpSender('A', { key: 'k' }), httpSender('B', { key: 'k' }), httpSender('C', { key: 'l' })];
const [e, f] = [queueSender('E', { event: 'e' }), queueSender('F', { event: 'e' })];
const first = httpSender('A', { key: 'k', givesUp: true });
const deployedAfter = httpSender('A', { key: 'k', deploysAfter: true });
const late = httpSender('A', { key: 'k', ...clocks.behindFirst });
const early = httpSender('A', { key: 'k', ...clocks.aheadFirst });

export const scenarios: readonly Scenario[] = [
  { ...one, name: 'one-caller', senders: [a] },
  { ...one, name: 'one-caller-late-clock', senders: [late] },
  { ...one, name: 'one-caller-early-clock', senders: [early] },
  { ...one, name: 'refused', senders: [httpSender('A', { key: 'k', body: refusedBody, givesUp: true })] },
  { ...one, name: 'same-key', senders: [a, b], areAlike: true },
  { ...one, name: 'same-key-clocks', senders: [late, httpSender('B', { key: 'k', ...clocks.aheadFirst })] },
  { ...two, name: 'two-keys', senders: [a, c], areAlike: true },
  { ...two, name: 'two-keys-clocks', senders: [late, httpSender('C', { key: 'l', ...clocks.aheadFirst })] },
  { ...two, name: 'two-bodies', senders: [a, httpSender('C', { key: 'l', body: otherBody })] },
  { ...one, name: 'http-and-queue', senders: [a, queueSender('E', { key: 'k' })] },
  // A caller whose key has another body gives up.
  { ...one, name: 'one-key-two-bodies', senders: [first, queueSender('E', { key: 'k', body: otherBody })] },
  { ...one, name: 'one-event-twice', senders: [e, f], areAlike: true },
  { ...one, name: 'accepted', senders: [acceptSender('P', { key: 'k' }), a] },
  // A signed webhook, and the same again: both have its id as the id of their arrival.
  {
    ...one,
    name: 'webhook-twice',
    senders: [...'PR'].map((name) => acceptSender(name, { key: 'k', event: 'w' })),
    areAlike: true,
  },
  // How many resources they make depends on when they come.
  { ...one, name: 'without-key', senders: [httpSender('A'), httpSender('B')], areAlike: true, resources: Infinity },
  { ...two, name: 'retries-at-once', senders: [a, c], areAlike: true, retries: 'atOnce' },
  { ...one, name: 'deployed', senders: [deployedAfter] },
  // The other one may close its request.
  { ...two, name: 'deployed-and-not', senders: [deployedAfter, c] },
  { ...two, name: 'three', senders: [a, b, c] },
];
