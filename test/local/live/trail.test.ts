import { beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '../../../infra/local/live/flow.ts';
import type { Sighting, Step } from '../../../infra/local/live/step.ts';
import { createTrail } from '../../../infra/local/live/trail.ts';

let flows: Map<string, Flow>;
let trail: ReturnType<typeof createTrail>;
let now: number;

beforeEach(() => {
  flows = new Map();
  now = 0;
  trail = createTrail({ onFlow: (flow) => flows.set(flow.id, flow), onGone: (id) => flows.delete(id), most: 3 });
});

/** Notes a step, each 10 ms after the last. */
const see = (ids: string[], step: Partial<Step> = {}, rest: Partial<Sighting> = { opens: true }) => {
  now += 10;
  return trail.note({ ids, step: { part: 'gateway', text: ids.join(), tone: 'plain', ...step }, ...rest }, now);
};

const texts = () => [...flows.values()].map(({ steps }) => steps.map(({ text }) => text));

describe('a trail', () => {
  it('follows a request by each of its ids', () => {
    see(['g1']);
    see(['g1', 'i1'], {}, {});
    see(['r1', 'i1']);
    see(['r1'], {}, {});
    expect(texts()).toEqual([['g1', 'g1,i1', 'r1,i1', 'r1']]);
  });

  it('keeps apart what shares no id', () => {
    see(['g1']);
    see(['g2']);
    expect(texts()).toEqual([['g1'], ['g2']]);
  });

  it('puts a step where it happened, if it is known no better', () => {
    see(['i1']);
    expect(see([], { text: 'within' }, { within: [undefined, 'i1'] })).toBe(true);
    expect(see([], { text: 'elsewhere' }, { within: ['i2'] })).toBe(false);
    expect(texts()).toEqual([['i1', 'within']]);
  });

  it('makes one of two that turn out to be the same, in the order of time', () => {
    see(['r1']);
    see(['g2'], { begins: true });
    see(['r1'], { text: 'between' }, {});
    see(['r1', 'g2'], { text: 'same' });
    expect(texts()).toEqual([['r1', 'g2', 'between', 'same']]);
    see(['g2'], { text: 'by the other id' }, {});
    expect(texts()[0]).toHaveLength(5);
    see(['g3']);
    expect([...flows.values()].map(({ number }) => number)).toEqual([1, 2]);
  });

  it('forgets the oldest', () => {
    for (const id of ['a', 'b', 'c', 'd']) see([id]);
    expect(texts()).toEqual([['b'], ['c'], ['d']]);
    expect(see(['a'], {}, {})).toBe(false);
  });
});

describe('a flow', () => {
  const flow = () => Object([...flows.values()][0]);

  it('says when its newest attempt came to each stage', () => {
    see(['r1'], { stage: 'received' });
    see(['r1'], { stage: 'granted' });
    see(['r1'], { stage: 'sent' });
    expect(flow()).toMatchObject({
      attempts: 1,
      begun: 10,
      reached: { received: 10, checked: 20, granted: 20, sent: 30 },
    });
    see(['r1'], { stage: 'received', begins: true });
    see(['r1'], { stage: 'settled' });
    expect(flow()).toMatchObject({ attempts: 2, begun: 40, reached: { received: 40, settled: 50 } });
    // What an earlier attempt had sent needs no send.
    expect(flow().reached).not.toHaveProperty('sent');
  });

  it('is in the state that the ledger says, and else in that of its answer', () => {
    see(['r1'], { facts: { stateElse: 'refused' } });
    expect(flow().state).toBe('refused');
    see(['r1'], { facts: { state: 'working', record: { state: 'sending' } } });
    see(['r1'], { facts: { stateElse: 'refused' } });
    expect(flow().state).toBe('working');
  });

  it('puts what led to a delivery before it', () => {
    see(['e1'], { part: 'queue', text: 'delivered', stage: 'received' });
    see(['e1'], { part: 'bus', text: 'brought', leadsToDelivery: true });
    expect(texts()).toEqual([['brought', 'delivered']]);
  });
});
