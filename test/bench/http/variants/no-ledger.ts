import type { Ledger } from '../../../../lib/ledger/ledger.ts';
import type { NameRecord } from '../../../../lib/ledger/names.ts';

const nameRecord: NameRecord = { holder: undefined, by: undefined, assigned: new Map(), keyless: new Map() };

/** Takes the place of the ledger: it agrees to all and remembers nothing. */
export const openLedger = (): Ledger => ({
  read: async () => undefined,
  claim: async ({ owner, lease }, arrival, now) => ({
    isOwner: true,
    item: { ...arrival, state: 'sending', owner, lease, createdAt: now, updatedAt: now },
    isSendRecorded: true,
  }),
  accept: async (_, arrival, now) => ({ ...arrival, state: 'accepted', createdAt: now, updatedAt: now }),
  deny: async () => {},
  readName: async () => nameRecord,
  hold: async (_, { id, owner }) => ({ ...nameRecord, holder: id, by: owner }),
  renew: async () => true,
  assign: async () => nameRecord.assigned,
  release: async () => {},
  close: async () => true,
  created: async () => true,
  rejected: async () => true,
  finalAnswer: async () => undefined,
  answerFinally: async () => true,
  unknown: async () => true,
  reopen: async () => true,
});
