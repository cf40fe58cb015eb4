import type { Ledger } from '../../../../lib/ledger/ledger.ts';

/** Takes the place of the ledger: it agrees to all and remembers nothing. */
export const openLedger = (): Ledger => ({
  read: async () => undefined,
  claim: async ({ owner, lease }, arrival, now) => ({
    mine: true,
    item: { ...arrival, state: 'sending', owner, lease, createdAt: now, updatedAt: now },
  }),
  accept: async (_, arrival, now) => ({ ...arrival, state: 'accepted', createdAt: now, updatedAt: now }),
  hold: async (_, id) => ({ holder: id, taken: new Map() }),
  renew: async () => true,
  take: async () => true,
  release: async () => {},
  created: async () => true,
  rejected: async () => true,
  unknown: async () => true,
});
