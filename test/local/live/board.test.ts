import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBoard, type QueueState } from '../../../infra/local/live/board.ts';
import type { Sighting, Step } from '../../../infra/local/live/step.ts';

let queues: readonly QueueState[];
let board: ReturnType<typeof createBoard>;
let told: [string, unknown][];

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  queues = [];
  board = createBoard({ queues: () => queues });
  told = [];
});

afterEach(() => vi.useRealTimers());

const watch = () => board.watch((name, news) => told.push([name, Object(news).number ?? news]));

const see = (ids: string[], step: Partial<Step> = {}, rest: Partial<Sighting> = { opens: true }) =>
  board.note({ ids, step: { part: 'gateway', text: ids.join(), tone: 'plain', ...step }, ...rest });

const requestID = { facts: { requestID: 'r1' } };

it('a board tells what was there, then what changes, together', () => {
  see(['a'], requestID);
  watch();
  expect(told).toEqual([
    ['flow', 1],
    ['queues', []],
  ]);
  see(['a']);
  see(['a']);
  vi.advanceTimersByTime(100);
  expect(told.slice(2)).toEqual([['flow', 1]]);
  queues = [{ endpoint: 'e', messages: 1, deadLetters: [] }];
  vi.advanceTimersByTime(200);
  expect(told.slice(3)).toEqual([['queues', queues]]);
});

it('a board does not show for a moment what turns out to be one more attempt', () => {
  watch();
  see(['r1'], requestID);
  see(['g2']);
  vi.advanceTimersByTime(100);
  see(['r1', 'g2']);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([
    ['queues', []],
    ['flow', 1],
    ['gone', 'g2'],
    ['flow', 1],
  ]);
  see(['g3']);
  vi.advanceTimersByTime(250);
  expect(told).toHaveLength(4);
  vi.advanceTimersByTime(250);
  expect(told.slice(4)).toEqual([['flow', 2]]);
});

it('a board tells at once what belongs to no request, and nothing when nobody watches', () => {
  const end = watch();
  see([], { text: 'aside' }, {});
  expect(told.at(-1)).toEqual(['aside', { at: 0, part: 'gateway', text: 'aside', tone: 'plain' }]);
  end();
  see(['a'], requestID);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});
