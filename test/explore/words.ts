import type { Call } from './program.ts';

/** What a person calls a call: the ledger's own words for its changes. */
export const describeCall = (call: Call): string => {
  switch (call.kind) {
    case 'read':
      return `reads the ${whatOf(call.key)}`;
    case 'change':
      return `${operationOf(call.change)} the ${whatOf(call.key)}`;
    case 'token':
      return 'asks for a token';
    case 'create':
      return 'sends the create';
    case 'list':
      return 'lists';
    case 'show':
      return `reads ${call.id}`;
    case 'publish':
      return `publishes "${call.detail.id}"`;
    case 'postpone':
      return `postpones its message by ${call.milliseconds / 1_000} s`;
    case 'enqueue':
      return 'puts its request into the queue';
    case 'addPending':
      return `sends its pending deployment ${call.number}`;
    case 'timer':
      return 'waits';
  }
};

/** What a person calls an item of the ledger. */
export const whatOf = (key: string): string => {
  const [, kind, id = ''] = key.split('#');
  return `${kind} ${id.slice(0, 6)}`;
};

const operationOf = ({ set = {}, remove = [], add }: (Call & { readonly kind: 'change' })['change']): string => {
  if (add) return 'counts up';
  if ('holder' in set) return 'holds';
  if ('taken' in set)
    return remove.length > 0 ? 'records its resource on' : 'records its resource, without its hold, on';
  if ('lastSent' in set) return 'renews its lease on';
  if ('owner' in set) return 'claims';
  if (typeof set.state === 'string') return `notes ${set.state} on`;
  return remove.includes('holder') ? 'releases' : 'changes';
};
