import { defaultTimings as timings } from '../../lib/provision/timings.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { type LedgerView, requestKey } from './ledger-view.ts';
import type { Told } from './program.ts';
import type { Resource, State } from './state.ts';
import { whatOf } from './words.ts';

type View = Pick<State, 'resources' | 'pendingDeployments'> & { readonly ledger: LedgerView };

/** What is wrong with the ledger after a change of one of its items. */
export const wrongItem = (
  key: string,
  before: Item | undefined,
  { state, resource, deploys, deploymentNumber }: Item,
  { resources, pendingDeployments, ledger }: View,
): string | undefined => {
  const what = whatOf(key);
  const made = resources.find(({ request }) => request === key)?.id;
  if (before?.state === 'created' && state !== 'created') return `the ${what} is ${state} after it was created`;
  if (state === 'rejected' && before?.state !== 'rejected' && made) return `the ${what} is rejected, and made ${made}`;
  if (state === 'created' && made !== resource) return `the ${what} is created with ${resource}, and made ${made}`;
  if (state === 'created' && deploys && !pendingDeployments.includes(Number(deploymentNumber)))
    return `the ${what} is created, and its pending deployment is not sent`;
  for (const [id, owner] of ledger.owners) {
    const isOwn = resources.some((one) => one.id === id && one.request === owner);
    if (!isOwn) return `${id} is recorded for the ${whatOf(owner)}, which has not made it`;
  }
  return undefined;
};

/** What is wrong with a create that makes a resource; the view is of the moment before. */
export const wrongCreate = ({ id, request, madeAt }: Resource, { resources, ledger }: View): string | undefined => {
  const what = whatOf(request);
  const second = resources.find((other) => other.request === request);
  if (second) return `the ${what} makes ${id}, and has made ${second.id}`;
  const open = resources.find((other) => !ledger.owners.has(other.id));
  if (open) return `the ${what} makes ${id} while nothing has recorded ${open.id}, of the same name`;
  const isKeyless = ledger.requests.get(request)?.key !== undefined;
  const settledAt = ledger.settledAt.find((at) => madeAt - at <= timings.keylessReplay);
  if (!isKeyless || settledAt === undefined) return undefined;
  return `the ${what}, without a key, makes ${id} ${madeAt - settledAt} ms after an equal one was settled`;
};

/** Who is told: an attempt by its name, with its sender's request, where that has a key. */
interface Learner {
  readonly name: string;
  readonly own: string | undefined;
  readonly hasRejected: boolean;
}

/** What is wrong with what an attempt comes to. */
export const wrongTold = (
  told: Told,
  { name, own, hasRejected }: Learner,
  { resources, ledger }: View,
): string | undefined => {
  if (told.told === 'failed') return told.error;
  if (told.told === 'made') {
    const request = requestKey(told.requestID);
    const isOwn = resources.some(({ id, request: by }) => id === told.id && by === request);
    if (!isOwn || (own !== undefined && request !== own)) return `${name} is told of ${told.id}, which is another's`;
    const isRecorded = ledger.owners.get(told.id) === request || ledger.requests.get(request)?.resource === told.id;
    if (!isRecorded) return `${name} is told of ${told.id} before it is recorded`;
  }
  if (told.told !== 'problem') return undefined;
  const { state, owner } = ledger.requests.get(own ?? '') ?? {};
  const isOpen = (state === 'sending' || state === 'unknown') && String(owner).startsWith(`${name}.`);
  if (!told.isRetryable && isOpen && !hasRejected)
    return `${name} is told ${told.code} for good, which is not recorded`;
  return wrongProblem(told, name, resources);
};

const wrongProblem = (
  { code, message }: Told & { readonly told: 'problem' },
  name: string,
  resources: readonly Resource[],
): string | undefined => {
  if (code === 'RESOURCE_GONE') return `${name} is told that a resource is gone that is there`;
  const isOpen = code === 'OUTCOME_UNKNOWN' || code === 'REQUEST_IN_PROGRESS' || message.includes('was created');
  const made = resources.find(({ id }) => id.startsWith(`R-${name}.`));
  return made && !isOpen ? `${name} is told ${code}, and made ${made.id}` : undefined;
};

/** What is wrong in the end; `most` resources may be there, and `callers` are the requests that have one. */
export const wrongEnd = (
  { resources, outcomes }: State,
  { most, callers }: { readonly most: number; readonly callers: readonly string[] },
  ledger: LedgerView,
): string | undefined => {
  if (resources.length > most) return `there are ${resources.length} resources of ${most} requests`;
  const without = callers.find((key) => !resources.some(({ request }) => request === key));
  if (without !== undefined) return `the ${whatOf(without)} has no resource`;
  const open = ledger.holders.find((key) => !/^(?:created|rejected)$/.test(String(ledger.requests.get(key)?.state)));
  if (open !== undefined) return `the ${whatOf(open)} holds its name`;
  const unassigned = resources.find(({ id }) => !ledger.owners.has(id));
  if (unassigned) return `${unassigned.id} is assigned to no request of its name`;
  for (const { id, resource } of outcomes) {
    const [arrival = ''] = id.split(' ');
    const ofArrival = outcomes.filter((other) => other.id.startsWith(`${arrival} `));
    const other = ofArrival.find((one) => one.id !== id || one.resource !== resource);
    if (other)
      return `the outcomes "${id}" with ${resource} and "${other.id}" with ${other.resource} are of one arrival`;
  }
  return undefined;
};
