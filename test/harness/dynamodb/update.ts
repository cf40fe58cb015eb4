import type { Change } from '../../../lib/ledger/table.ts';

type Update = Required<Pick<Change, 'set' | 'initial' | 'remove' | 'inherit' | 'add'>>;

interface Parsed {
  readonly set: readonly string[];
  readonly initial: readonly string[];
  readonly remove: readonly string[];
  readonly add: readonly string[];
  readonly inherit: Readonly<Record<string, string>>;
}

const known = new Map<string, Parsed>();

/**
 * What an UpdateExpression sets and removes, as far as the ledger writes them: a member takes the value of its own name.
 * Throws where it is anything else, so that no update is taken for another.
 */
export const parseUpdate = (text: string, values: Readonly<Record<string, unknown>>): Update => {
  const { set, initial, remove, inherit, add } = known.get(text) ?? parse(text);
  known.set(text, { set, initial, remove, inherit, add });
  const valuesOf = (members: readonly string[]) => Object.fromEntries(members.map((name) => [name, values[name]]));
  const added = Object.fromEntries(add.map((name) => [name, Number(values[name])]));
  return { set: valuesOf(set), initial: valuesOf(initial), remove, inherit, add: added };
};

const parse = (text: string): Parsed => {
  const [, assigned = '', removed = '', added = ''] =
    /^(?:SET (.+?))?(?:(?:^| )REMOVE (.+?))?(?:(?:^| )ADD (.+))?$/.exec(text) ?? [];
  const membersIn = (part: string, pattern: RegExp) => [...part.matchAll(pattern)].map(([, name = '']) => name);
  const set = membersIn(assigned, /#(\w+) = (?::\1|if_not_exists\(#(?!\1,)\w+, :\1\))(?=,|$)/g);
  const initial = membersIn(assigned, /#(\w+) = if_not_exists\(#\1, :\1\)/g);
  const remove = membersIn(removed, /#(\w+)/g);
  const add = membersIn(added, /#(\w+) :\1(?=,|$)/g);
  const inherit = Object.fromEntries(
    [...assigned.matchAll(/#(\w+) = if_not_exists\(#(?!\1,)(\w+), :\1\)/g)].map(([, name = '', from = '']) => [
      name,
      from,
    ]),
  );
  const parsed = { set, initial, remove, inherit, add };
  if (updateOf(parsed) !== text) throw new Error(`not an update of the ledger: ${text}`);
  return parsed;
};

const updateOf = ({ set, initial, remove, inherit, add }: Parsed): string => {
  const assignments = [
    ...set.map((name) => `#${name} = ${inherit[name] ? `if_not_exists(#${inherit[name]}, :${name})` : `:${name}`}`),
    ...initial.map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
  ];
  const removals = remove.map((name) => `#${name}`);
  return [
    ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
    ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
    ...(add.length > 0 ? [`ADD ${add.map((name) => `#${name} :${name}`).join(', ')}`] : []),
  ].join(' ');
};
