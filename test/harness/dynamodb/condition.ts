type Item = Readonly<Record<string, unknown>>;

/** What a condition is about: the item, and what its `#names` and `:values` stand for. */
export interface Bound {
  readonly item: Item;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

export type Condition = (bound: Bound) => boolean;

type Operand = (bound: Bound) => unknown;

/**
 * Parses a DynamoDB condition expression, as far as the ledger writes them. Throws where it is anything else, so that no
 * condition is taken for another.
 */
export const parseCondition = (text: string): Condition => {
  const tokens = text.match(/[#:]?\w+|<>|<=|>=|[=<>(),]/g) ?? [];
  if (tokens.join('') !== text.replace(/\s+/g, '')) throw new Error(`not a condition: ${text}`);
  let at = 0;
  const takes = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  };
  const expect = (token: string) => {
    if (!takes(token)) throw new Error(`expected ${token} instead of ${tokens[at] ?? 'the end'} in: ${text}`);
  };

  const either = (): Condition => {
    const terms = [both()];
    while (takes('OR')) terms.push(both());
    return (bound) => terms.some((term) => term(bound));
  };
  const both = (): Condition => {
    const terms = [negated()];
    while (takes('AND')) terms.push(negated());
    return (bound) => terms.every((term) => term(bound));
  };
  const negated = (): Condition => {
    if (!takes('NOT')) return primary();
    const inner = negated();
    return (bound) => !inner(bound);
  };
  const primary = (): Condition => {
    if (!takes('(')) return call() ?? comparison();
    const inner = either();
    expect(')');
    return inner;
  };
  const call = (): Condition | undefined => {
    const test = functions[tokens[at] ?? ''];
    if (!test) return undefined;
    at++;
    const operands = list();
    return (bound) => {
      const [member, argument] = operands.map((operand) => operand(bound));
      return test(member, argument);
    };
  };
  const list = (): Operand[] => {
    expect('(');
    const operands = [operand()];
    while (takes(',')) operands.push(operand());
    expect(')');
    return operands;
  };
  const operand = (): Operand => {
    const token = tokens[at++] ?? '';
    if (token.startsWith(':')) return ({ values }) => defined(values[token.slice(1)], token);
    if (token.startsWith('#')) return ({ item, names }) => item[names[token.slice(1)] ?? token.slice(1)];
    if (/^[a-z]\w*$/.test(token)) return ({ item }) => item[token];
    throw new Error(`expected a member or a value instead of ${token || 'the end'} in: ${text}`);
  };
  const comparison = (): Condition => {
    const left = operand();
    if (takes('IN')) {
      const choices = list();
      return (bound) => choices.some((choice) => comparators['=']?.(left(bound), choice(bound)) === true);
    }
    const compare = comparators[tokens[at] ?? ''];
    if (!compare) throw new Error(`expected a comparison instead of ${tokens[at] ?? 'the end'} in: ${text}`);
    at++;
    const right = operand();
    return (bound) => compare(left(bound), right(bound));
  };

  const condition = either();
  if (at < tokens.length) throw new Error(`expected the end instead of ${tokens[at]} in: ${text}`);
  return condition;
};

const functions: Readonly<Record<string, (member: unknown, argument?: unknown) => boolean>> = {
  attribute_exists: (member) => member !== undefined,
  attribute_not_exists: (member) => member === undefined,
  begins_with: (member, prefix) =>
    typeof member === 'string' && typeof prefix === 'string' && member.startsWith(prefix),
};

/** A member that is absent, or of another type, is not equal, and neither less nor greater. */
const comparators: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '=': (left, right) => left !== undefined && left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => order(left, right, (one, other) => one < other),
  '<=': (left, right) => order(left, right, (one, other) => one <= other),
  '>': (left, right) => order(left, right, (one, other) => one > other),
  '>=': (left, right) => order(left, right, (one, other) => one >= other),
};

type Comparable = number | string;

const order = (left: unknown, right: unknown, holds: (one: Comparable, other: Comparable) => boolean): boolean =>
  (typeof left === 'number' && typeof right === 'number' && holds(left, right)) ||
  (typeof left === 'string' && typeof right === 'string' && holds(left, right));

const defined = (value: unknown, token: string): unknown => {
  if (value === undefined) throw new Error(`${token} has no value`);
  return value;
};
