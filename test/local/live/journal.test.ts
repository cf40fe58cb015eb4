import { describe, expect, it } from 'vitest';
import type { AttemptLine, Fact, QueuedMessage } from '../../../infra/local/live/fact.ts';
import { emptyJournal, journalAfter, mostSettled, trimmed } from '../../../infra/local/live/journal.ts';
import { outcomeOf } from '../../../infra/local/live/outcome.ts';
import { viewOf } from '../../../infra/local/live/view.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';

/** A fact without its time: each comes 10 ms after the last. */
type Untimed = Fact extends infer Each ? (Each extends Fact ? Omit<Each, 'at'> : never) : never;

const journalOf = (facts: readonly Untimed[]) =>
  facts.reduce((journal, fact, index) => journalAfter(journal, { ...fact, at: 10 * (index + 1) }), emptyJournal);

const rowsAfter = (...facts: Untimed[]) => [...journalOf(facts).rows.values()];

const statesAfter = (...facts: Untimed[]) => rowsAfter(...facts).map((row) => outcomeOf(row).name);

const path = '/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/connectorInstances';

const received = (id = 'g1', name = 'a', retryOf?: string): Untimed => ({
  type: 'received',
  id,
  retryOf,
  sent: { method: 'POST', path, headers: { 'idempotency-key': 'k1' }, body: JSON.stringify({ name }) },
});
const invoked = (id = 'g1', invocation = 'i1'): Untimed => ({ type: 'invoked', id, invocation, name: endpoint.name });
const answered = (status: number, code?: string, id = 'g1', how?: string): Untimed => ({
  type: 'answered',
  id,
  answer: {
    status,
    headers: how === undefined ? {} : { 'provisioner-outcome': how },
    body: code === undefined ? '{}' : JSON.stringify({ type: `http://x/docs#${code}`, status }),
  },
});
const ledger = (state: string, rest: object = {}, request = 'r1'): Untimed => ({
  type: 'ledger',
  endpoint: endpoint.name,
  request,
  item: { state, arrivalID: 'i1', updatedAt: 1, ...rest },
});
const logged = (outcome: string, rest: Partial<AttemptLine> = {}): Untimed => ({
  type: 'attempt',
  invocation: undefined,
  line: {
    ...{ arrival: 'i1', request: 'r1', caller: 'local', grant: 'all', outcome },
    ...{ code: undefined, status: undefined, sends: 1, ...rest },
  },
});
const put = (rest: object = {}): Untimed => ({
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
const queues = (...messages: QueuedMessage[]): Untimed => ({ type: 'queues', messages });
const delivered = (receives = 1, invocation = 'i1'): Untimed => ({
  type: 'delivered',
  invocation,
  endpoint: endpoint.name,
  deliveries: [{ arrival: 'e1', message: 'm1', receives, body: '{}' }],
});
const ended = (error?: string, invocation = 'i1'): Untimed => ({ type: 'ended', invocation, error });
const published = (kind: string, rest: object = {}): Untimed => ({
  type: 'published',
  outcome: {
    ...{ arrival: 'e1', type: `ConnectorInstance${kind}`, how: undefined, status: undefined, code: undefined },
    ...{ detail: '{}', ...rest },
  },
});

describe('the state of an HTTP request', () => {
  it.each<[string, Untimed[]]>([
    ['running', []],
    ['running', [invoked(), ledger('sending')]],
    ['created', [invoked(), ledger('sending'), ledger('created'), logged('created'), answered(201)]],
    ['adopted', [invoked(), ledger('created'), logged('adopted'), answered(201)]],
    ['replayed', [invoked(), logged('replayed'), answered(201, undefined, 'g1', 'replayed')]],
    ['rejected', [invoked(), ledger('rejected', { problem: 'PINGONE_REFUSED', status: 400 }), answered(400)]],
    ['invalid', [invoked(), answered(400, 'INVALID_DATA')]],
    ['invalid', [answered(413)].map(() => answered(413, 'INVALID_REQUEST'))],
    ['denied', [answered(401)]],
    ['denied', [invoked(), logged('denied', { request: undefined }), answered(403, 'ACCESS_FAILED')]],
    ['rejected', [answered(404)]],
    ['busy', [invoked(), ledger('rejected', { problem: 'REQUEST_IN_PROGRESS', status: 409 }), answered(409)]],
    ['gone', [invoked(), ledger('created'), logged('failed', { code: 'RESOURCE_GONE' }), answered(410)]],
    ['keyReused', [invoked(), logged('failed', { code: 'KEY_REUSED' }), answered(422, 'KEY_REUSED')]],
    ['limited', [answered(429)]],
    ['limited', [invoked(), ledger('rejected', { problem: 'REQUEST_LIMITED', status: 429 }), answered(429)]],
    ['failed', [invoked(), answered(503, 'LEDGER_UNAVAILABLE')]],
    ['unknown', [invoked(), ledger('sending'), ledger('unknown'), answered(504, 'OUTCOME_UNKNOWN')]],
    ['unknown', [invoked(), ledger('sending'), ended('killed'), answered(500)]],
    ['failed', [invoked(), ended('killed'), answered(500)]],
    ['waiting', [invoked(), ledger('accepted'), answered(202), queues(message({ ids: ['i1'] }))]],
    ['lost', [invoked(), ledger('accepted'), answered(202), queues()]],
  ])('is %s %#', (state, facts) => {
    expect(statesAfter(received(), ...facts)).toEqual([state]);
  });

  it('is that of one request for all attempts with its key', () => {
    const first = [received(), invoked(), ledger('unknown'), answered(504, 'OUTCOME_UNKNOWN')];
    const retry = [received('g2'), invoked('g2', 'i2')];
    expect(statesAfter(...first, ...retry)).toEqual(['unknown', 'running']);
    const claimed = ledger('sending', { arrivalID: 'i2', updatedAt: 2 });
    expect(statesAfter(...first, ...retry, claimed)).toEqual(['running']);
    const made = ledger('created', { arrivalID: 'i2', updatedAt: 3 });
    const line = logged('adopted', { arrival: 'i2' });
    const [row, ...others] = rowsAfter(...first, ...retry, claimed, made, answered(201, undefined, 'g2'), line);
    expect(others).toEqual([]);
    expect(row && viewOf(row)).toMatchObject({ outcome: 'adopted', attempts: 2, number: 1 });
    expect(statesAfter(...first, received('g2', 'a', 'g1'))).toEqual(['running']);
  });

  it('is no success for a body that came with the key of another', () => {
    const first = [received(), invoked(), ledger('created'), logged('created'), answered(201)];
    const reused = logged('failed', { arrival: 'i2', code: 'KEY_REUSED' });
    const second = [received('g2', 'b'), invoked('g2', 'i2'), reused, answered(422, 'KEY_REUSED', 'g2')];
    expect(statesAfter(...first, ...second)).toEqual(['created', 'keyReused']);
  });

  it('does not depend on when a line of the log is read', () => {
    const facts = [received(), invoked(), ledger('sending'), ledger('created'), answered(201)];
    for (let place = 2; place <= facts.length; place++) {
      expect(statesAfter(...facts.toSpliced(place, 0, logged('adopted')))).toEqual(['adopted']);
    }
  });

  it('takes no time from what is asked of it later', () => {
    const [row] = rowsAfter(received(), invoked(), ledger('created'), answered(201), ledger('created'));
    expect(row && viewOf(row).ms).toBe(30);
  });
});

describe('the state of an event', () => {
  const waiting = queues(message());
  it.each<[string, Untimed[]]>([
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
  ])('is %s %#', (state, facts) => {
    expect(statesAfter(...facts)).toEqual([state]);
  });

  it('is unknown while its message may still find out, and dead once nobody tries', () => {
    const claimed = ledger('unknown', { arrivalID: 'e1' });
    const facts = [put(), delivered(), claimed, ended(), queues(message())];
    expect(statesAfter(...facts)).toEqual(['unknown']);
    const dead = queues(message({ id: 'm2', isDead: true, code: 'OUTCOME_UNKNOWN' }));
    const gaveUp = published('Unresolved', { code: 'OUTCOME_UNKNOWN', status: 504 });
    expect(statesAfter(...facts, delivered(2, 'i2'), gaveUp, ended(undefined, 'i2'), dead)).toEqual(['deadLetter']);
  });
});

describe('the journal', () => {
  it('keeps what is open and unknown, however old', () => {
    const first = [received('open'), received('lost'), answered(504, 'OUTCOME_UNKNOWN', 'lost')];
    const others = Array.from({ length: mostSettled + 20 }, (_, index) => [
      received(`g${index}`),
      answered(201, undefined, `g${index}`, 'created'),
    ]).flat();
    const journal = [...first, ...others].reduce(
      (before, fact) => trimmed(journalAfter(before, { ...fact, at: 1 })),
      emptyJournal,
    );
    expect(journal.count).toBe(mostSettled + 22);
    expect(journal.rows.size).toBe(mostSettled + 2);
    expect([...journal.rows.keys()].slice(0, 3)).toEqual(['open', 'lost', 'g20']);
    expect([...journalAfter(journal, { type: 'cleared', at: 2 }).rows.keys()]).toEqual(['open', 'lost']);
  });
});
