import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { withoutBasePath } from '../api-gateway/base-path.ts';
import { observeDeployments } from './deployment.ts';
import { type Journal, maximumSettled, type Observers } from './journal.ts';
import type { Observation, Observations, Step } from './observation.ts';
import { observeLedger } from './observe-ledger.ts';
import { observeQueues } from './observe-queues.ts';
import { isRunning } from './outcome.ts';
import { addAttempt, addStep, changeAttempt } from './row.ts';
import { webhookIn } from './webhook.ts';

/** Enters an observation into the journal: the one place where a request's state changes. */
export const observe = <Type extends keyof Observations>(
  journal: Journal,
  observation: Observation<Type>,
  at: number,
): void => {
  observers[observation.type](journal, observation, at);
  journal.removeSettled(maximumSettled);
};

const observers: Observers = {
  ...observeQueues,
  ...observeLedger,
  ...observeDeployments,

  received: (journal, { id, request, retryOf }, at) => {
    const webhook = webhookIn(request);
    const endpoint = webhook ? endpoints.find(({ event }) => event === webhook.type)?.name : endpointAt(request.path);
    journal.open([retryOf, webhook?.arrival, id], { id, at, endpoint });
    journal.change(id, (row) => {
      const text = webhook ? 'Received as a webhook' : 'Received over HTTP';
      addStep(row, { at, part: 'gateway', text, tone: 'plain' });
      addAttempt(row, { id, arrival: webhook?.arrival ?? id, door: 'HTTP', at, request });
    });
  },

  answered: (journal, { id, answer }, at) =>
    journal.change(id, (row) => {
      changeAttempt(row, (attempt) => attempt.id === id, { answer, ended: at });
      addStep(row, { at, part: 'gateway', text: `Answered ${answer.status}`, tone: toneOf(answer.status) });
    }),

  disconnected: (journal, { id }, at) =>
    journal.change(id, (row) => {
      const isWaiting = row.attempts.some((attempt) => attempt.id === id && isRunning(attempt));
      const step = { at, part: 'gateway', text: 'The caller left before the answer', tone: 'open' } as const;
      if (isWaiting) addStep(row, step);
    }),

  invoked: (journal, { id, invocation, name }, at) => {
    journal.alias(id, invocation);
    journal.change(id, (row) => {
      changeAttempt(row, (attempt) => attempt.id === id, { invocation });
      // A webhook's arrival has its own id.
      changeAttempt(row, (attempt) => attempt.arrival === id, { arrival: invocation });
      addStep(row, { at, part: 'function', text: `${name} runs`, tone: 'plain' });
    });
  },

  /** An HTTP attempt ends with its answer, another with its invocation. */
  ended: (journal, { invocation, error }, at) => {
    for (const { id, attempts } of journal.rows()) {
      const own = attempts.filter((attempt) => attempt.invocation === invocation);
      if (own.length === 0) continue;
      journal.change(id, (row) => {
        for (const attempt of own) {
          attempt.error = error;
          if (attempt.door === 'queue') attempt.ended ??= at;
        }
        const text = `The function failed: ${error}`;
        if (error !== undefined) addStep(row, { at, part: 'function', text, tone: 'bad' });
      });
    }
  },

  step: (journal, { causes, step }, at) =>
    journal.change(causes.find(journal.find), (row) => {
      const begun = row.steps.findLast(({ call }) => call !== undefined && call === step.call);
      if (begun) begun.activity = undefined;
      addStep(row, { ...step, at });
    }),

  put: (journal, { event }, at) => {
    const { id, type, queue } = event;
    journal.open([id], { id, at, endpoint: endpoints.find((endpoint) => endpoint.event === type)?.name });
    journal.change(id, (row) => {
      Object.assign(row, { event, at: Math.min(row.at, at) });
      const text = queue ? `${type} put on the bus, delivered to ${queue}` : `${type} put on the bus`;
      addStep(row, { at, part: 'bus', text, tone: queue ? 'plain' : 'bad' });
    });
  },

  published: (journal, { outcome }, at) =>
    journal.change(outcome.arrival, (row) => {
      changeAttempt(row, ({ arrival }) => arrival === outcome.arrival, { ended: at });
      row.published = { ...outcome, at };
      const tone = outcome.how === undefined ? 'bad' : 'good';
      addStep(row, { at, part: 'bus', text: `${outcome.type} published`, tone });
    }),

  cleared: (journal) => journal.removeSettled(),
};

const endpointAt = (path: string): string | undefined =>
  endpoints.find((endpoint) => matchPath(`/v1${endpoint.path}`, withoutBasePath(path.split('?')[0] ?? '')))?.name;

const toneOf = (status: number): Step['tone'] => {
  if (status < 300) return 'good';
  return [409, 429, 504].includes(status) ? 'open' : 'bad';
};
