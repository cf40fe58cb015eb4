/** A guard of the gateway, taken out, and where the explorer sees that. */
export interface Hole {
  readonly name: string;
  readonly guard: string;
  readonly scenario: string;
  readonly faults: number;
  /** Texts of files below lib, each there once, and what replaces them. */
  readonly edits: readonly (readonly [file: string, text: string, instead: string])[];
}

const ledger = 'ledger/open-ledger.ts';
const names = 'ledger/names.ts';

/** Holes that were there once have the names that they were found under; the others are guards that never were missing. */
export const holes: readonly Hole[] = [
  {
    name: 'E1',
    guard: 'a grace period that counts from the end of a send',
    scenario: 'one-caller',
    faults: 1,
    edits: [
      [
        'provision/create.ts',
        'note(attempt, eventOf(reply), before);',
        'note(attempt, eventOf(reply), before); if (attempt.open) attempt.open = { ...attempt.open, endedBy: begun };',
      ],
    ],
  },
  {
    name: 'E3',
    guard: 'the replacement of a hold that a late write left to a rejected request',
    scenario: 'refused',
    faults: 1,
    edits: [['provision/hold-name.ts', "state === 'sending' || state === 'unknown'", "state !== 'created'"]],
  },
  {
    name: 'E20',
    guard: 'the owner of a hold that is released',
    scenario: 'two-keys',
    faults: 1,
    edits: [
      [names, "condition: '#by = :owner', values: { owner } }", "condition: 'attribute_exists(#by)' }"],
      ['provision/record.ts', 'if (isRecorded) await', 'await'],
    ],
  },
  {
    name: 'rejected-owner',
    guard: 'the owner of a request that is rejected',
    scenario: 'one-caller',
    faults: 1,
    edits: [[ledger, "condition: '#owner = :owner' };", "condition: 'attribute_exists(pk)' };"]],
  },
  {
    name: 'closed-first',
    guard: 'the assignment of a resource whose request was closed first',
    scenario: 'two-keys',
    faults: 1,
    edits: [['provision/hold-name.ts', 'await assignClosed(attempt, other, item);', '']],
  },
  {
    name: 'claimed-send',
    guard: "the difference between the claim's own send and an earlier one",
    scenario: 'one-caller',
    faults: 1,
    edits: [[ledger, "'lastSent' in send && hasSendOf(parsed, now)", "'lastSent' in send"]],
  },
  {
    name: 'earlier-sends',
    guard: "the grace period of an earlier attempt's send",
    scenario: 'one-caller',
    faults: 1,
    edits: [['provision/provision.ts', 'until: resendAt(open) });', 'until: 0 });']],
  },
  {
    name: 'renewal',
    guard: 'the second record of a send whose first is too old',
    scenario: 'one-caller',
    faults: 2,
    edits: [['provision/create.ts', ' <= timings.renewal) return;', ' <= Infinity) return;']],
  },
  {
    name: 'left-open',
    guard: 'the note that a send is open',
    scenario: 'one-caller',
    faults: 1,
    edits: [['provision/record.ts', 'if (open) return await ledger.unknown(claim, open, clock.now());', '']],
  },
  {
    name: 'lost-grace',
    guard: 'the longer grace period of a lost answer',
    scenario: 'one-caller',
    faults: 1,
    edits: [
      [
        'provision/open-sends.ts',
        "case 'lost':\n      return open(now, longerGrace(timings));",
        "case 'lost':\n      return open(now, timings.graceAnswered);",
      ],
    ],
  },
  {
    name: 'shown-late',
    guard: 'the time in which a resource may be shown late',
    scenario: 'one-caller',
    faults: 1,
    edits: [['provision/replay.ts', 'if (restMs > 0) throw', 'if (restMs < 0) throw']],
  },
  {
    name: 'unrecorded',
    guard: 'the record of a final rejection before it is told',
    scenario: 'refused',
    faults: 1,
    edits: [['provision/provision.ts', 'if (!isRecorded && !problem.isRetryable) throw unrecorded(problem);', '']],
  },
  {
    name: 'first-sent',
    guard: 'the date of the first send after its answer',
    scenario: 'one-event-twice',
    faults: 1,
    edits: [['provision/attempt.ts', 'timings, open?.firstSent)', 'timings)']],
  },
  {
    name: 'lease',
    guard: 'the lease of the attempt that owns a request',
    scenario: 'same-key',
    faults: 1,
    edits: [[ledger, '#state = :sending AND #lease < :expired)', '#state = :sending AND attribute_exists(#lease))']],
  },
  {
    name: 'clocks',
    guard: 'the allowance for clocks that differ',
    scenario: 'same-key-clocks',
    faults: 1,
    edits: [['provision/open-sends.ts', 'skewMs: timings.clockSkew,', 'skewMs: 0,']],
  },
  {
    name: 'one-holder',
    guard: 'the one holder of a name',
    scenario: 'two-keys',
    faults: 0,
    edits: [
      [
        names,
        'attribute_not_exists(#holder) OR #by IN',
        'attribute_not_exists(#holder) OR attribute_exists(#by) OR #by IN',
      ],
    ],
  },
  {
    name: 'closed-grace',
    guard: "the grace period before another request's hold ends",
    scenario: 'two-keys',
    faults: 1,
    edits: [
      ['provision/open-sends.ts', 'endedBy + Math.max(graceMs, longerGrace(timings)) + skewMs;', 'endedBy + skewMs;'],
    ],
  },
  {
    name: 'assigned',
    guard: 'the resources that belong to other requests',
    scenario: 'two-keys',
    faults: 1,
    edits: [['provision/match.ts', "!assigned.has(resource.id ?? '') &&", '']],
  },
  {
    name: 'hold-token',
    guard: 'the token of the attempt in a hold',
    scenario: 'three',
    faults: 1,
    edits: [
      [names, 'set: { holder: id, by: owner },', 'set: { holder: id, by: id },'],
      [names, 'values: { instead: instead ?? owner },', 'values: { instead: instead ?? id },'],
      [names, 'values: { owner, id },', 'values: { owner: id, id },'],
      [names, 'release: async (name, { owner }) => {', 'release: async (name, { id: owner }) => {'],
      ['provision/hold-name.ts', 'current.by === claim.owner', 'current.by === claim.id'],
    ],
  },
  {
    name: 'stays-closed',
    guard: 'the state of a request that an older attempt left unknown',
    scenario: 'one-caller',
    faults: 2,
    edits: [
      [ledger, "condition: '#owner = :owner AND #state IN (:sending, :state)',", "condition: '#owner = :owner',"],
    ],
  },
  {
    name: 'pending-deployment-first',
    guard: 'the pending deployment that is added before the request is closed',
    scenario: 'deployed',
    faults: 0,
    edits: [['provision/record.ts', 'Promise.resolve(adding)', 'Promise.resolve(undefined)']],
  },
  {
    name: 'pending-deployment-of-another',
    guard: 'the pending deployment that is added when another request closes this one',
    scenario: 'deployed-and-not',
    faults: 1,
    edits: [['provision/record.ts', 'deploys ? await addPending(attempt, pending) : undefined', 'undefined']],
  },
  {
    name: 'pending-deployment-of-a-retry',
    guard: 'the note on a request that its resource is deployed',
    scenario: 'deployed-and-not',
    faults: 1,
    edits: [['provision/attempt.ts', 'attempt.isDeployed = item.deploys === true;', 'attempt.isDeployed = false;']],
  },
  {
    name: 'repetition',
    guard: 'the request whose resource is recorded, for a repetition without a key',
    scenario: 'without-key',
    faults: 0,
    edits: [['provision/keyless.ts', 'if (item && isEqual', "if (item?.state === 'created' && isEqual"]],
  },
  {
    name: 'second-repetition',
    guard: 'the settled request, for a repetition that joined another',
    scenario: 'without-key',
    faults: 1,
    edits: [['provision/provision.ts', 'retryKey: key,', 'retryKey: key, keyless: false,']],
  },
];
