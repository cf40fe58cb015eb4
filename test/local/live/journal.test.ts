import { describe, expect, it } from 'vitest';
import type { AttemptLine } from '../../../infra/local/live/attempt-line.ts';
import { createJournal, maximumSettled } from '../../../infra/local/live/journal.ts';
import type { Observation, QueuedMessage } from '../../../infra/local/live/observation.ts';
import { observe } from '../../../infra/local/live/observe.ts';
import { outcomeOf } from '../../../infra/local/live/outcome.ts';
import { viewOf } from '../../../infra/local/live/view.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';

/** The journal after observations, each 10 ms after the last. */
const journalAfter = (observations: readonly Observation[]) => {
  const journal = createJournal();
  for (const [index, observation] of observations.entries()) observe(journal, observation, 10 * (index + 1));
  return journal;
};

const rowsAfter = (...observations: Observation[]) => journalAfter(observations).rows();

const statesAfter = (...observations: Observation[]) => rowsAfter(...observations).map((row) => outcomeOf(row).name);

const path = '/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/connectorInstances';

const received = (id = 'g1', name = 'a', retryOf?: string): Observation => ({
  type: 'received',
  id,
  retryOf,
  request: { method: 'POST', path, headers: { 'idempotency-key': 'k1' }, body: JSON.stringify({ name }) },
});
const invoked = (id = 'g1', invocation = 'i1'): Observation => ({
  type: 'invoked',
  id,
  invocation,
  name: endpoint.name,
});
const answered = (status: number, code?: string, id = 'g1', how?: string): Observation => ({
  type: 'answered',
  id,
  answer: {
    status,
    headers: how === undefined ? {} : { 'provisioner-outcome': how },
    body: code === undefined ? '{}' : JSON.stringify({ type: `http://x/docs#${code}`, status }),
  },
});
const recorded = (state: string, rest: object = {}, request = 'r1'): Observation => ({
  type: 'recorded',
  endpoint: endpoint.name,
  request,
  item: { state, arrivalID: 'i1', updatedAt: 1, ...rest },
});
const logged = (outcome: string, rest: Partial<AttemptLine> = {}): Observation => ({
  type: 'attempt',
  invocation: undefined,
  line: {
    ...{ arrival: 'i1', request: 'r1', caller: 'local', grant: 'all', outcome },
    ...{ code: undefined, status: undefined, sends: 1, ...rest },
  },
});
const put = (rest: object = {}): Observation => ({
  type: 'put',
  event: {
    ...{ id: 'e1', bus: 'pingone-provisioner', source: 'com.example', type: endpoint.event, detail: '{"body":{}}' },
    ...{ queue: endpoint.name, error: undefined, ...rest },
  },
});
const message = (rest: Partial<QueuedMessage> = {}): QueuedMessage => ({
  ...{ id: 'm1', ids: ['e1'], endpoint: endpoint.name, isDead: false, receives: 1, visibleAt: 1, code: undefined },
  ...{ body: '{}', ...rest },
});
const queues = (...messages: QueuedMessage[]): Observation => ({ type: 'queues', messages });
const delivered = (receives = 1, invocation = 'i1'): Observation => ({
  type: 'delivered',
  invocation,
  endpoint: endpoint.name,
  deliveries: [{ arrival: 'e1', message: 'm1', receives, body: '{}' }],
});
const ended = (error?: string, invocation = 'i1'): Observation => ({ type: 'ended', invocation, error });
const published = (kind: string, rest: object = {}): Observation => ({
  type: 'published',
  outcome: {
    ...{ arrival: 'e1', type: `ConnectorInstance${kind}`, how: undefined, status: undefined, code: undefined },
    ...{ detail: '{}', ...rest },
  },
});

describe('the state of an HTTP request', () => {
  it.each<[string, Observation[]]>([
    ['running', []],
    ['running', [invoked(), recorded('sending')]],
    ['created', [invoked(), recorded('sending'), recorded('created'), logged('created'), answered(201)]],
    ['adopted', [invoked(), recorded('created'), logged('adopted'), answered(201)]],
    ['replayed', [invoked(), logged('replayed'), answered(201, undefined, 'g1', 'replayed')]],
    ['rejected', [invoked(), recorded('rejected', { problem: 'PINGONE_REFUSED', status: 400 }), answered(400)]],
    ['invalid', [invoked(), answered(400, 'INVALID_DATA')]],
    ['invalid', [answered(413)].map(() => answered(413, 'INVALID_REQUEST'))],
    ['denied', [answered(401)]],
    ['denied', [invoked(), logged('denied', { request: undefined }), answered(403, 'ACCESS_FAILED')]],
    ['rejected', [answered(404)]],
    ['busy', [invoked(), recorded('rejected', { problem: 'REQUEST_IN_PROGRESS', status: 409 }), answered(409)]],
    ['gone', [invoked(), recorded('created'), logged('failed', { code: 'RESOURCE_GONE' }), answered(410)]],
    ['keyReused', [invoked(), logged('failed', { code: 'KEY_REUSED' }), answered(422, 'KEY_REUSED')]],
    ['limited', [answered(429)]],
    ['limited', [invoked(), recorded('rejected', { problem: 'REQUEST_LIMITED', status: 429 }), answered(429)]],
    ['failed', [invoked(), answered(503, 'LEDGER_UNAVAILABLE')]],
    ['unknown', [invoked(), recorded('sending'), recorded('unknown'), answered(504, 'OUTCOME_UNKNOWN')]],
    ['unknown', [invoked(), recorded('sending'), ended('killed'), answered(500)]],
    ['failed', [invoked(), ended('killed'), answered(500)]],
    ['waiting', [invoked(), recorded('accepted'), answered(202), queues(message({ ids: ['i1'] }))]],
    ['lost', [invoked(), recorded('accepted'), answered(202), queues()]],
  ])('is %s %#', (state, observations) => {
    expect(statesAfter(received(), ...observations)).toEqual([state]);
  });

  it('is shared by all attempts with its key', () => {
    const first = [received(), invoked(), recorded('unknown'), answered(504, 'OUTCOME_UNKNOWN')];
    const retry = [received('g2'), invoked('g2', 'i2')];
    expect(statesAfter(...first, ...retry)).toEqual(['unknown', 'running']);
    const claimed = recorded('sending', { arrivalID: 'i2', updatedAt: 2 });
    expect(statesAfter(...first, ...retry, claimed)).toEqual(['running']);
    const made = recorded('created', { arrivalID: 'i2', updatedAt: 3 });
    const line = logged('adopted', { arrival: 'i2' });
    const [row, ...others] = rowsAfter(...first, ...retry, claimed, made, answered(201, undefined, 'g2'), line);
    expect(others).toEqual([]);
    expect(row && viewOf(row)).toMatchObject({ outcome: 'adopted', attempts: 2, number: 1 });
    expect(statesAfter(...first, received('g2', 'a', 'g1'))).toEqual(['running']);
  });

  it('is no success for another body with a used key', () => {
    const first = [received(), invoked(), recorded('created'), logged('created'), answered(201)];
    const reused = logged('failed', { arrival: 'i2', code: 'KEY_REUSED' });
    const second = [received('g2', 'b'), invoked('g2', 'i2'), reused, answered(422, 'KEY_REUSED', 'g2')];
    expect(statesAfter(...first, ...second)).toEqual(['created', 'keyReused']);
  });

  it('does not depend on when a log line is read', () => {
    const observations = [received(), invoked(), recorded('sending'), recorded('created'), answered(201)];
    for (let place = 2; place <= observations.length; place++) {
      expect(statesAfter(...observations.toSpliced(place, 0, logged('adopted')))).toEqual(['adopted']);
    }
  });

  it('has a duration that later ledger writes do not change', () => {
    const [row] = rowsAfter(received(), invoked(), recorded('created'), answered(201), recorded('created'));
    expect(row && viewOf(row).durationMs).toBe(30);
  });
});

describe('the state of an event', () => {
  const waiting = queues(message());
  it.each<[string, Observation[]]>([
    ['undelivered', [put({ queue: undefined, bus: 'default' })]],
    ['undelivered', [put({ queue: undefined, type: 'Other' })]],
    ['invalid', [put({ queue: undefined, error: 'MalformedDetail' })]],
    ['waiting', [put(), waiting]],
    ['running', [put(), waiting, delivered()]],
    ['created', [put(), waiting, delivered(), published('Created', { how: 'created' }), waiting, ended(), queues()]],
    ['invalid', [put(), delivered(), published('Rejected', { code: 'INVALID_DATA', status: 400 }), waiting]],
    ['denied', [put(), delivered(), published('Rejected', { code: 'ACCESS_FAILED', status: 403 }), ended(), queues()]],
    ['waiting', [put(), waiting, delivered(), ended('killed')]],
    ['running', [put(), waiting, delivered(), ended('killed'), delivered(2, 'i2')]],
    ['deadLetter', [put(), delivered(), ended(), queues(message({ isDead: true, code: 'NO_EVENT' }))]],
    ['lost', [put(), delivered(), ended(), queues()]],
  ])('is %s %#', (state, observations) => {
    expect(statesAfter(...observations)).toEqual([state]);
  });

  it('is unknown while its message may be redelivered, and dead letter afterwards', () => {
    const claimed = recorded('unknown', { arrivalID: 'e1' });
    const observations = [put(), delivered(), claimed, ended(), queues(message())];
    expect(statesAfter(...observations)).toEqual(['unknown']);
    const dead = queues(message({ id: 'm2', isDead: true, code: 'OUTCOME_UNKNOWN' }));
    const gaveUp = published('Unresolved', { code: 'OUTCOME_UNKNOWN', status: 504 });
    expect(statesAfter(...observations, delivered(2, 'i2'), gaveUp, ended(undefined, 'i2'), dead)).toEqual([
      'deadLetter',
    ]);
  });
});

describe('the journal', () => {
  it('keeps open and unknown requests, however old', () => {
    const first = [received('open'), received('lost'), answered(504, 'OUTCOME_UNKNOWN', 'lost')];
    const others = Array.from({ length: maximumSettled + 20 }, (_, index) => [
      received(`g${index}`),
      answered(201, undefined, `g${index}`, 'created'),
    ]).flat();
    const journal = journalAfter([...first, ...others]);
    const ids = () => journal.rows().map(({ id }) => id);
    expect(journal.count()).toBe(maximumSettled + 22);
    expect(ids()).toHaveLength(maximumSettled + 2);
    expect(ids().slice(0, 3)).toEqual(['open', 'lost', 'g20']);
    observe(journal, { type: 'cleared' }, 2);
    expect(ids()).toEqual(['open', 'lost']);
  });
});
