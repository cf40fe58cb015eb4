import type { Observers } from './journal.ts';
import type { LedgerItem, Step } from './observation.ts';
import { type Attempt, addStep, changeAttempt } from './row.ts';

/** Changes of the journal by a request's attempts, as functions log them, and by its item in the ledger. */
export const observeLedger: Observers<'attempt' | 'recorded'> = {
  attempt: (journal, { line, invocation }, at) => {
    const { arrival, request, outcome, code, grant, sends } = line;
    const id = [arrival, invocation].find(journal.find);
    // With KEY_REUSED the key's request is another one.
    if (request !== undefined && code !== 'KEY_REUSED') journal.link(id, request);
    const words = [
      outcome === 'failed' ? `failed, ${code}` : outcome,
      ...(grant === undefined ? [] : [`granted by “${grant}”`]),
      ...(outcome === 'accepted' || outcome === 'denied' ? [] : [`creates sent: ${sends}`]),
    ];
    journal.change(id, (row) => {
      // The repetitions of a webhook have one arrival.
      const isOwn = (attempt: Attempt) => [undefined, attempt.invocation].includes(invocation);
      changeAttempt(row, (each) => each.arrival === arrival && each.line === undefined && isOwn(each), { line });
      addStep(row, { at, part: 'function', text: `Attempt ended: ${words.join('; ')}`, tone: 'plain' });
    });
  },

  recorded: (journal, { endpoint, request, item }, at) => {
    if (typeof item.arrivalID === 'string') journal.link(item.arrivalID, request);
    journal.change(request, (row) => {
      // A request without a key may have joined an equal one: the item is of that one.
      if (row.request !== undefined && row.request !== request) return;
      if (Number(row.item?.updatedAt) > Number(item.updatedAt)) return;
      const step = stepBetween(row.request === request ? row.item : undefined, item);
      Object.assign(row, { request, item, endpoint });
      if (step) addStep(row, { at, part: 'ledger', ...step });
    });
  },
};

/** The timeline's entry for a change of the item. */
const stepBetween = (before: LedgerItem | undefined, item: LedgerItem): Pick<Step, 'text' | 'tone'> | undefined => {
  const { state, owner, lastSent, resource, problem, updatedAt } = item;
  // Only the final answer to another arrival was added.
  if (before?.state === state && before?.updatedAt === updatedAt && before?.owner === owner) return undefined;
  if (state === 'created') return { text: `Recorded: created, resource ${resource}`, tone: 'good' };
  if (state === 'rejected') return { text: `Recorded: nothing created, ${problem}`, tone: 'bad' };
  if (state === 'unknown') return { text: 'Recorded: outcome unknown', tone: 'open' };
  if (state === 'accepted') return { text: 'Recorded: accepted for the queue', tone: 'plain' };
  // A write that records a send sets both times; the claim of a new request is one, too.
  const changes = [
    ...(owner === before?.owner ? [] : ['this attempt owns the request']),
    ...(lastSent === updatedAt && lastSent !== before?.lastSent ? ['a create leaves now'] : []),
  ];
  return changes.length === 0 ? undefined : { text: `Recorded: ${changes.join(', ')}`, tone: 'plain' };
};
