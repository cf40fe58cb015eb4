import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import type { AttemptLine, Fact, LedgerItem, QueuedMessage, Step } from './fact.ts';
import { isRunning, outcomeOf } from './outcome.ts';
import { type Attempt, changed, merged, newRow, type Row, withAttempt, withStep } from './row.ts';

/** Everything that is kept of the requests that came in. */
export interface Journal {
  /** By id, the oldest first. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Of each id that a request is known by, the id of its row. */
  readonly owners: ReadonlyMap<string, string>;
  /** How many requests came in. */
  readonly count: number;
}

export const emptyJournal: Journal = { rows: new Map(), owners: new Map(), count: 0 };

/** How many settled requests are kept. */
export const mostSettled = 100;

/** The journal after one more fact: the one place where the state of a request changes. */
export const journalAfter = (journal: Journal, fact: Fact): Journal => {
  const { at } = fact;
  switch (fact.type) {
    case 'received': {
      const { id, sent, retryOf } = fact;
      const attempt: Attempt = { id, arrival: id, door: 'HTTP', at, sent };
      const text = 'Received over HTTP';
      const opened = opening(journal, [retryOf, id], { id, at, endpoint: endpointAt(sent.path) });
      return changing(opened, id, (row) =>
        withAttempt(withStep(row, { at, part: 'gateway', text, tone: 'plain' }), attempt),
      );
    }
    case 'answered': {
      const { id, answer } = fact;
      const tone = answer.status < 300 ? 'good' : answer.status === 504 || answer.status === 409 ? 'open' : 'bad';
      const step: Step = { at, part: 'gateway', text: `Answered ${answer.status}`, tone };
      return changing(journal, id, (row) =>
        withStep(
          changed(row, (attempt) => attempt.id === id, { answer, ended: at }),
          step,
        ),
      );
    }
    case 'left':
      return changing(journal, fact.id, (row) =>
        row.attempts.some((attempt) => attempt.id === fact.id && isRunning(attempt))
          ? withStep(row, { at, part: 'gateway', text: 'The caller left before the answer', tone: 'open' })
          : row,
      );
    case 'invoked': {
      const { id, invocation, name } = fact;
      return changing(known(journal, id, [invocation]), id, (row) =>
        withStep(
          changed(row, (attempt) => attempt.id === id, { invocation, arrival: invocation }),
          {
            at,
            part: 'function',
            text: `${name} runs`,
            tone: 'plain',
          },
        ),
      );
    }
    case 'delivered': {
      const { deliveries, invocation, endpoint } = fact;
      return deliveries.reduce((all, { arrival, message, receives, body }) => {
        const id = `${message}#${receives}`;
        const ids = [arrival, message, ...(deliveries.length === 1 ? [invocation] : [])];
        const opened = opening(all, ids, { id: arrival, at, endpoint });
        const text = receives > 1 ? `Delivered to the function, receive ${receives}` : 'Delivered to the function';
        return changing(opened, arrival, (row) =>
          withAttempt(withStep(row, { at, part: 'queue', text, tone: 'plain' }), {
            ...{ id, arrival, door: 'queue', at, invocation, body },
          }),
        );
      }, journal);
    }
    case 'ended': {
      const { invocation, error } = fact;
      return changingAll(journal, (row) => {
        if (!row.attempts.some((attempt) => attempt.invocation === invocation)) return row;
        const attempts = row.attempts.map((attempt) =>
          attempt.invocation === invocation
            ? { ...attempt, error, ...(attempt.door === 'queue' && { ended: attempt.ended ?? at }) }
            : attempt,
        );
        const next = { ...row, attempts };
        return error === undefined
          ? next
          : withStep(next, { at, part: 'function', text: `The function failed: ${error}`, tone: 'bad' });
      });
    }
    case 'step': {
      const id = fact.within.find((each) => each !== undefined && journal.owners.has(each));
      const { call, doing } = fact.step;
      return changing(journal, id, (row) => {
        const begun =
          call !== undefined && doing === undefined ? row.steps.findLast((each) => each.call === call) : undefined;
        const steps = begun
          ? row.steps.map((each) => (each === begun ? { ...each, doing: undefined } : each))
          : row.steps;
        return withStep({ ...row, steps }, { ...fact.step, at });
      });
    }
    case 'attempt':
      return attempted(journal, fact.line, fact.invocation, at);
    case 'put': {
      const { event } = fact;
      const endpoint = endpoints.find((each) => each.event === event.type)?.name;
      const opened = opening(journal, [event.id], { id: event.id, at, endpoint });
      const text = event.queue
        ? `${event.type} put on the bus, delivered to ${event.queue}`
        : `${event.type} put on the bus`;
      const step: Step = { at, part: 'bus', text, tone: event.queue ? 'plain' : 'bad' };
      return changing(opened, event.id, (row) => withStep({ ...row, event, at: Math.min(row.at, at) }, step));
    }
    case 'published': {
      const { outcome } = fact;
      const text = `${outcome.type} published`;
      const tone = outcome.how === undefined ? 'bad' : 'good';
      return changing(journal, outcome.arrival, (row) =>
        withStep(
          {
            ...changed(row, ({ arrival }) => arrival === outcome.arrival, { ended: at }),
            published: { ...outcome, at },
          },
          { at, part: 'bus', text, tone },
        ),
      );
    }
    case 'ledger':
      return recorded(journal, fact.endpoint, fact.request, fact.item, at);
    case 'queues':
      return queued(journal, fact.messages, at);
    case 'cleared':
      return without(journal, [...journal.rows.values()].filter(isSettled));
  }
};

/** Whether nothing more is known to come of a request. */
export const isSettled = (row: Row): boolean => !['active', 'unknown'].includes(outcomeOf(row).group);

/** The journal without the oldest settled requests past the most that are kept. */
export const trimmed = (journal: Journal): Journal => {
  if (journal.rows.size <= mostSettled) return journal;
  const settled = [...journal.rows.values()].filter(isSettled);
  return without(journal, settled.slice(0, Math.max(0, settled.length - mostSettled)));
};

const without = (journal: Journal, rows: readonly Row[]): Journal => {
  if (rows.length === 0) return journal;
  const gone = new Set(rows.map(({ id }) => id));
  return {
    ...journal,
    rows: new Map([...journal.rows].filter(([id]) => !gone.has(id))),
    owners: new Map([...journal.owners].filter(([, owner]) => !gone.has(owner))),
  };
};

const endpointAt = (path: string): string | undefined =>
  endpoints.find((each) => matchPath(`/v1${each.path}`, path.split('?')[0] ?? ''))?.name;

const rowOf = ({ rows, owners }: Journal, id: string | undefined): Row | undefined =>
  id === undefined ? undefined : rows.get(owners.get(id) ?? '');

/** The journal in which the first of these ids has a row, and all of them lead to it. */
const opening = (
  journal: Journal,
  ids: readonly (string | undefined)[],
  { id, at, endpoint }: Pick<Row, 'id' | 'at' | 'endpoint'>,
): Journal => {
  const owned = ids.find((each) => rowOf(journal, each) !== undefined);
  if (owned !== undefined) return known(journal, owned, ids);
  const number = journal.count + 1;
  const rows = new Map(journal.rows).set(id, newRow(id, number, at, endpoint));
  return known({ rows, owners: new Map(journal.owners).set(id, id), count: number }, id, ids);
};

/** The journal in which these ids lead to the row of one of them. */
const known = (journal: Journal, id: string, ids: readonly (string | undefined)[]): Journal => {
  const owner = journal.owners.get(id);
  if (owner === undefined) return journal;
  const owners = new Map(journal.owners);
  for (const each of ids) if (each !== undefined) owners.set(each, owner);
  return { ...journal, owners };
};

const changing = (journal: Journal, id: string | undefined, change: (row: Row) => Row): Journal => {
  const row = rowOf(journal, id);
  return row ? { ...journal, rows: new Map(journal.rows).set(row.id, change(row)) } : journal;
};

const changingAll = (journal: Journal, change: (row: Row) => Row): Journal => {
  const rows = [...journal.rows].map(([id, row]) => [id, change(row)] as const);
  return rows.every(([id, row]) => journal.rows.get(id) === row) ? journal : { ...journal, rows: new Map(rows) };
};

/** The journal in which an arrival belongs to a request of the ledger. */
const linked = (journal: Journal, arrival: string | undefined, request: string): Journal => {
  const [own, other] = [rowOf(journal, arrival), rowOf(journal, request)];
  if (own === undefined) return journal;
  if (other === undefined || other === own)
    return changing(known(journal, own.id, [request]), own.id, (row) =>
      row.request === request ? row : { ...row, request, item: undefined },
    );
  const row = merged(own, other);
  const absorbed = row.id === own.id ? other.id : own.id;
  return {
    rows: new Map(
      [...journal.rows].flatMap(([id, each]) => (id === absorbed ? [] : [[id, id === row.id ? row : each]])),
    ),
    owners: new Map([...journal.owners].map(([id, owner]) => [id, owner === absorbed ? row.id : owner])),
    // It was no request of its own.
    count: Math.max(own.number, other.number) === journal.count ? journal.count - 1 : journal.count,
  };
};

/** A key that was used for another body leads to a request that this one is not. */
const attempted = (journal: Journal, line: AttemptLine, invocation: string | undefined, at: number): Journal => {
  const id = [line.arrival, invocation].find((each) => rowOf(journal, each) !== undefined);
  const belongs = line.request !== undefined && line.code !== 'KEY_REUSED';
  const joined = belongs ? linked(journal, id, line.request) : journal;
  const said = [
    line.outcome === 'failed' ? `failed, ${line.code}` : line.outcome,
    ...(line.grant === undefined ? [] : [`granted by “${line.grant}”`]),
    ...(line.outcome === 'accepted' || line.outcome === 'denied' ? [] : [`creates sent: ${line.sends}`]),
  ];
  const step: Step = { at, part: 'function', text: `Attempt ended: ${said.join('; ')}`, tone: 'plain' };
  const isIts = ({ arrival, line: other }: Attempt) => arrival === line.arrival && other === undefined;
  return changing(joined, id, (row) => withStep(changed(row, isIts, { line }), step));
};

const recorded = (journal: Journal, endpoint: string, request: string, item: LedgerItem, at: number): Journal => {
  const linkedTo = linked(journal, typeof item.arrivalID === 'string' ? item.arrivalID : undefined, request);
  return changing(linkedTo, request, (row) => {
    // An equal request answers for this one.
    if (row.request !== undefined && row.request !== request) return row;
    if (Number(row.item?.updatedAt) > Number(item.updatedAt)) return row;
    const step = ledgerStep(row.request === request ? row.item : undefined, item);
    const next = { ...row, request, item, endpoint };
    return step ? withStep(next, { at, part: 'ledger', ...step }) : next;
  });
};

/** What changed between two items of a request. */
const ledgerStep = (before: LedgerItem | undefined, item: LedgerItem) => {
  const { state, owner, lastSent, resource, problem, updatedAt } = item;
  // The final answer to another arrival was added.
  if (before?.state === state && before?.updatedAt === updatedAt && before?.owner === owner) return undefined;
  if (state === 'created') return { text: `Recorded: created, resource ${resource}`, tone: 'good' } as const;
  if (state === 'rejected') return { text: `Recorded: nothing created, ${problem}`, tone: 'bad' } as const;
  if (state === 'unknown') return { text: 'Recorded: outcome unknown', tone: 'open' } as const;
  if (state === 'accepted') return { text: 'Recorded: accepted for the queue', tone: 'plain' } as const;
  if (before?.owner !== owner) return { text: 'Recorded: this attempt owns the request', tone: 'plain' } as const;
  if (before?.lastSent !== lastSent) return { text: 'Recorded: a create leaves now', tone: 'plain' } as const;
  return undefined;
};

const queued = (journal: Journal, messages: readonly QueuedMessage[], at: number): Journal => {
  const opened = messages.reduce(
    (all, { id, ids, endpoint }) => opening(all, [...ids, id], { id: ids[0] ?? id, at, endpoint }),
    journal,
  );
  const byRow = Map.groupBy(messages, ({ id }) => opened.owners.get(id));
  return changingAll(opened, (row) => {
    const own = byRow.get(row.id) ?? [];
    if (JSON.stringify(own) === JSON.stringify(row.messages)) return row;
    const dead = own.find((message) => message.isDead && !row.messages.some(({ id }) => id === message.id));
    const next = { ...row, messages: own };
    return dead
      ? withStep(next, { at, part: 'queue', text: `Moved to the dead-letter queue: ${dead.code}`, tone: 'bad' })
      : next;
  });
};
