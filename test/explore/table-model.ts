import { applyChange, type Item } from '../harness/dynamodb/apply-change.ts';
import { openInterner } from './interner.ts';
import type { Answer, Call } from './program.ts';
import type { LateWrite, State } from './state.ts';
import { type AskedOf, fails, fault, type Transition, usual } from './transition.ts';

/** The ledger's table, with the faults of DynamoDB and of the way to it. */
export interface TableModel {
  itemsIn(state: State): readonly (readonly [key: string, item: Item])[];
  readTransitions(asked: AskedOf<'read'>): readonly Transition[];
  /** `by` is the name of the attempt. */
  changeTransitions(asked: AskedOf<'change'>, by: string): readonly Transition[];
  /** Applies a write that nothing waits for any more. */
  applyLate(state: State, write: LateWrite): State;
  callOf(write: LateWrite): Call;
}

/** `watch` sees each item that changes, in the state after it. */
export const openTableModel = (
  watch: (state: State, key: string, before: Item | undefined, after: Item) => State,
): TableModel => {
  const keys = openInterner<string>((key) => key);
  const items = openInterner<Item>(sortedText);
  const changes: AskedOf<'change'>['call'][] = [];
  const results = new Map<string, number>();
  const answers: Answer[] = [];

  const answerOf = (item: number): Answer => {
    const answer = answers[item] ?? { value: items.valueOf(item) };
    answers[item] = answer;
    return answer;
  };
  const callOf = ({ call }: Pick<LateWrite, 'call'>) => {
    const change = changes[call];
    if (!change) throw new Error(`no change has the number ${call}`);
    return change;
  };
  /** The number of the item after a change; 0 where its condition fails. */
  const resultOf = (key: string, before: number, call: number): number => {
    const asked = `${key} ${before} ${call}`;
    const known = results.get(asked);
    if (known !== undefined) return known;
    const after = applyChange(key, items.valueOf(before), callOf({ call }).change);
    const result = after ? items.numberOf(after) : 0;
    results.set(asked, result);
    return result;
  };

  const changed = (state: State, { key, call }: Pick<LateWrite, 'key' | 'call'>) => {
    const place = keys.numberOf(key);
    const before = state.items[place] ?? 0;
    const result = resultOf(key, before, call);
    const answer = answerOf(result);
    if (result === 0 || result === before) return { state, answer };
    const table = Array.from(
      { length: Math.max(state.items.length, place + 1) },
      (_, index) => state.items[index] ?? 0,
    );
    table[place] = result;
    const after = items.valueOf(result) ?? {};
    return { state: watch({ ...state, items: table }, key, items.valueOf(before), after), answer };
  };

  return {
    callOf,
    itemsIn: ({ items: table }) =>
      table.flatMap((number, place) => {
        const [key, item] = [keys.valueOf(place), items.valueOf(number)];
        return key !== undefined && item ? [[key, item] as const] : [];
      }),
    applyLate: (state, write) =>
      changed({ ...state, late: state.late.filter((other) => other !== write) }, write).state,

    readTransitions: ({ call: { key }, isFaulty }) => {
      const place = keys.numberOf(key);
      const read = (state: State) => answerOf(state.items[place] ?? 0);
      const faults = () => [
        fails('fails', 'ledger'),
        fault('is read, its answer comes late', (state) => ({ state, fate: { held: { answer: read(state) } } })),
      ];
      return [usual('', (state) => ({ state, fate: { answer: read(state) } })), ...(isFaulty ? faults() : [])];
    },

    changeTransitions: ({ call, number, isFaulty }, by) => {
      changes[number] = call;
      const write: LateWrite = { key: call.key, call: number, by };
      const withLate = (state: State): State => ({
        ...state,
        late: [...state.late, write].sort((one, other) => one.call - other.call),
      });
      const faults = () => [
        fault('is on its way while the function dies', (state) => ({ state: withLate(state), fate: 'dies' })),
        fails('fails', 'ledger'),
        fault('fails, and is on its way', (state) => ({
          state: withLate(state),
          fate: { answer: { fails: 'ledger' } },
        })),
        fault('is stuck on its way, and sent again', (state) => ({ state: withLate(state), fate: 'waits' })),
        fault('takes long', (state) => ({ state, fate: { held: {} } })),
        fault('is applied, its answer comes late', (state) => {
          const { state: after, answer } = changed(state, write);
          return { state: after, fate: { held: { answer } } };
        }),
      ];
      const usually = usual('', (state) => {
        const { state: after, answer } = changed(state, write);
        return { state: after, fate: { answer } };
      });
      return [usually, ...(isFaulty ? faults() : [])];
    },
  };
};

const sortedText = (item: Item): string =>
  JSON.stringify(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
