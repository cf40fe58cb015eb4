import { defaultTimings as timings } from '../../lib/provision/timings.ts';
import { createTransitions } from './create-transitions.ts';
import type { Asked } from './histories.ts';
import { wrongCreate, wrongItem } from './invariants.ts';
import { type LedgerView, viewOf } from './ledger-view.ts';
import { listTransitions } from './list-transitions.ts';
import { failure, pingOneAnswers } from './pingone-answers.ts';
import type { Answer, Call } from './program.ts';
import {
  enqueueTransitions,
  pendingDeploymentTransitions,
  postponeTransitions,
  publishTransitions,
} from './queue-transitions.ts';
import { type Attempt, type LateWrite, type Resource, type State, withViolation } from './state.ts';
import { openTableModel } from './table-model.ts';
import { fails, fault, type Transition, usual } from './transition.ts';

/** Everything that attempts call. */
export interface Outside {
  /** How a call of the attempt of this name may go; none where it has to wait. */
  transitionsOf(state: State, attempt: Attempt, name: string, asked: Asked): readonly Transition[];
  applyLate(state: State, write: LateWrite): State;
  callOf(write: LateWrite): Call;
  ledger(state: State): LedgerView;
}

/** How far what happens goes, in milliseconds: past what is promised of lists, and by clocks that are ahead. */
export interface Bounds {
  readonly pastPromiseMs: number;
  readonly aheadMs: number;
}

/** `enqueue` puts an accepted request's message into its queue. */
export const openOutside = (
  { pastPromiseMs, aheadMs }: Bounds,
  enqueue: (state: State, message: string) => State,
): Outside => {
  const views = new Map<string, LedgerView>();
  const ledger = (state: State): LedgerView => {
    const text = state.items.join();
    const view = views.get(text) ?? viewOf(table.itemsIn(state));
    views.set(text, view);
    return view;
  };
  const table = openTableModel((state, key, before, after) =>
    withViolation(state, wrongItem(key, before, after, { ...state, ledger: ledger(state) })),
  );
  // PingOne's clock is behind each function's by the promised bound at the most.
  const answers = pingOneAnswers(timings.pingOneSkew - aheadMs);

  const add = (state: State, resource: Resource): State => {
    const resources = [...state.resources, resource].sort((one, other) => (one.id < other.id ? -1 : 1));
    return withViolation({ ...state, resources }, wrongCreate(resource, { ...state, ledger: ledger(state) }));
  };
  const created = (resource: Pick<Resource, 'id' | 'body' | 'madeAt'>) => answers.one(201, resource);

  const showTransitions = (state: State, id: string): readonly Transition[] => {
    const resource = state.resources.find((one) => one.id === id);
    const usually = answered(resource ? answers.one(200, resource) : failure(404));
    // It is shown as late as it may be listed.
    if (!resource || state.now >= resource.listedBy) return [usual('', usually), fails('fails', 'lost')];
    return [usual('', usually), fails('fails', 'lost'), fault('404, though it is there', answered(failure(404)))];
  };

  const transitionsOf: Outside['transitionsOf'] = (state, attempt, name, { id, call, number }) => {
    const asked = { id, number, attempt, isFaulty: state.faults > 0 };
    switch (call.kind) {
      case 'read':
        return table.readTransitions({ ...asked, call });
      case 'change':
        return table.changeTransitions({ ...asked, call }, name);
      case 'token':
        return tokenTransitions;
      case 'create': {
        const resource = `R-${name}.${attempt.moment.creates + 1}`;
        return createTransitions({ ...asked, call }, { id: resource, pastPromiseMs, add, created });
      }
      case 'list':
        return listTransitions(state, (resource) => ledger(state).owners.has(resource), answers.list);
      case 'show':
        return showTransitions(state, call.id);
      case 'publish':
        return publishTransitions({ ...asked, call });
      case 'postpone':
        return postponeTransitions({ ...asked, call });
      case 'enqueue':
        return enqueueTransitions({ ...asked, call }, enqueue);
      case 'addPending':
        return pendingDeploymentTransitions({ ...asked, call });
      case 'timer':
        return call.at <= state.now ? timerTransitions : [];
    }
  };
  return { transitionsOf, applyLate: table.applyLate, callOf: table.callOf, ledger };
};

const answered =
  (answer: Answer): Transition['go'] =>
  (state) => ({ state, fate: { answer } });

const tokenTransitions = [usual('', answered({ value: 'token' })), fails('fails', 'lost')];
const timerTransitions = [usual('', answered({ value: undefined }))];
