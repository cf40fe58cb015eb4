import type { BusLine } from './bus-sightings.ts';
import type { Flow } from './flow.ts';
import type { Sighting, Step } from './step.ts';
import { createTrail } from './trail.ts';

/** What is told of, by the name of its server-sent event. */
export interface News {
  readonly flow: Flow;
  readonly gone: string;
  readonly bus: BusLine & { readonly at: number };
  readonly aside: Pick<Step, 'at' | 'part' | 'text' | 'tone'>;
  readonly queues: readonly QueueState[];
}

/** How an endpoint's queue stands. */
export interface QueueState {
  readonly endpoint: string;
  /** How many messages are in it. */
  readonly messages: number;
  readonly deadLetters: readonly { readonly id: string; readonly code: string; readonly at: number }[];
}

export type Tell = <Name extends keyof News>(name: Name, news: News[Name]) => void;

export interface BoardOptions {
  readonly queues: () => readonly QueueState[];
  readonly now?: () => number;
  /** How long changes are gathered before they are told, in milliseconds. */
  readonly everyMs?: number;
}

const mostLines = 50;

/** Keeps what was seen of the newest requests, and tells those who watch of what changes. */
export const createBoard = ({ queues, now = Date.now, everyMs = 100 }: BoardOptions) => {
  const watchers = new Set<Tell>();
  const changed = new Map<string, Flow | undefined>();
  const bus: News['bus'][] = [];
  const asides: News['aside'][] = [];
  let toldQueues = '';
  let timer: NodeJS.Timeout | undefined;

  const tell: Tell = (name, news) => {
    for (const watcher of watchers) watcher(name, news);
  };

  const note = (id: string, flow: Flow | undefined): void => {
    if (watchers.size > 0) changed.set(id, flow);
  };

  const trail = createTrail({
    onFlow: (flow) => note(flow.id, flow),
    onGone: (id) => note(id, undefined),
  });

  const tellChanges = (): void => {
    for (const [id, flow] of changed) {
      if (flow && isInDoubt(flow, now())) continue;
      changed.delete(id);
      if (flow === undefined) tell('gone', id);
      else tell('flow', flow);
    }
    const state = queues();
    const text = JSON.stringify(state);
    if (text !== toldQueues) tell('queues', state);
    toldQueues = text;
  };

  const aside = (line: News['aside']): void => {
    keep(asides, line);
    tell('aside', line);
  };

  return {
    note: (sighting: Sighting): void => {
      const at = now();
      const { part, text, tone } = sighting.step;
      if (!trail.note(sighting, at)) aside({ at, part, text, tone });
    },

    noteEvent: (line: BusLine): void => {
      const news = { ...line, at: now() };
      keep(bus, news);
      tell('bus', news);
    },

    /** Tells all that is there, then what changes, until the function that it returns is called. */
    watch: (watcher: Tell): (() => void) => {
      tellChanges();
      for (const flow of trail.flows()) watcher('flow', flow);
      for (const line of bus) watcher('bus', line);
      for (const line of asides) watcher('aside', line);
      watcher('queues', queues());
      watchers.add(watcher);
      timer ??= setInterval(tellChanges, everyMs).unref();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
        changed.clear();
      };
    },
  };
};

export type Board = ReturnType<typeof createBoard>;

const inDoubtMs = 300;

/** What has just come in may turn out to be a further attempt at a request that is shown. */
const isInDoubt = ({ requestID, state, begun }: Flow, now: number): boolean =>
  requestID === undefined && state === undefined && now - begun < inDoubtMs;

const keep = <Line>(lines: Line[], line: Line): void => {
  lines.push(line);
  if (lines.length > mostLines) lines.shift();
};
