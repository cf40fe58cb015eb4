import * as z from 'zod/mini';
import { isReservedSource } from '../../../lib/contract.ts';
import { account, isUnrepeated, text } from './setting.ts';

const source = text.check(
  z.refine((name) => !isReservedSource(name), {
    error: 'must not begin with "aws." or "pingone.provisioner"',
  }),
);

export const sender = z.strictObject({
  /** The account whose principals may put these events; they need `events:PutEvents` there as well. */
  account,
  /** What their events must have as `source`; no two accounts share one. */
  sources: z.array(source).check(z.minLength(1)),
});

/** The accounts whose principals may ask by event. */
export const senders = z.array(sender).check(
  z.minLength(1),
  z.refine((senders) => isUnrepeated(senders.flatMap(({ sources }) => sources)), {
    error: 'must not share a source',
  }),
);
