import * as z from 'zod/mini';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { assignedIn, keylessOf, nameItem } from '../../lib/ledger/names.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { epoch } from './program.ts';

/** What the ledger says, by the keys of its items. */
export interface LedgerView {
  readonly requests: ReadonlyMap<string, Item>;
  /** Which request each recorded resource is of. */
  readonly owners: ReadonlyMap<string, string>;
  /** When requests without a key were settled. */
  readonly settledAt: readonly number[];
  /** The requests that hold a name. */
  readonly holders: readonly string[];
}

export const requestKey = (id: string): string => `${endpoint.name}#request#${id}`;

export const viewOf = (items: readonly (readonly [key: string, item: Item])[]): LedgerView => {
  const names = items.flatMap(([key, item]) => (key.startsWith(`${endpoint.name}#name#`) ? [item] : []));
  return {
    requests: new Map(items.filter(([key]) => key.startsWith(requestKey('')))),
    owners: new Map(
      names.flatMap((item) => [...assignedIn(item)].map(([id, owner]) => [id, requestKey(owner)] as const)),
    ),
    settledAt: names.flatMap((item) => [...keylessOf(item).values()].map((time) => time - epoch)),
    holders: names.flatMap((item) => {
      const { holder } = z.parse(nameItem, item);
      return holder === undefined ? [] : [requestKey(holder)];
    }),
  };
};
