/** A log line, as CloudWatch Logs reads it: JSON. */
export type Line = Readonly<Record<string, unknown>>;

/** The value of a selector (`$.message.level`) in a line; undefined if there is none. */
export const selected = (selector: string, line: Line): unknown =>
  selector
    .split('.')
    .slice(1)
    .reduce<unknown>((value, member) => Object(value)[member], line);

/**
 * Whether a line matches a filter pattern for JSON, with the operators of our patterns: comparisons of one member
 * with a text (`*` stands for any part of it), with a number, or with `*` (it is there), joined by `&&`, `||` and
 * parentheses. A comparison with a missing member is never true, not even `!=`. @throws SyntaxError
 */
export const matches = (pattern: string, line: Line): boolean => {
  const condition = parsed.get(pattern) ?? parse(pattern);
  parsed.set(pattern, condition);
  return condition(line);
};

type Condition = (line: Line) => boolean;

const parsed = new Map<string, Condition>();

const parse = (pattern: string): Condition => {
  const tokens = pattern.match(/\$(?:\.\w+)+|"[^"]*"|-?\d+(?:\.\d+)?|&&|\|\||[<>!]?=|[<>{}()*]|\S/g) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new SyntaxError(`${pattern}: "${found}" stands where "${token}" should`);
  };
  const several = (operator: '&&' | '||', one: () => Condition): Condition => {
    const conditions = [one()];
    while (tokens[at] === operator) {
      at++;
      conditions.push(one());
    }
    return operator === '&&'
      ? (line) => conditions.every((condition) => condition(line))
      : (line) => conditions.some((condition) => condition(line));
  };
  const any = (): Condition => several('||', () => several('&&', term));
  const term = (): Condition => {
    const first = next();
    if (first === '(') {
      const condition = any();
      expect(')');
      return condition;
    }
    if (!first.startsWith('$.')) throw new SyntaxError(`${pattern}: "${first}" is no selector`);
    const holds = comparison(next(), next());
    return (line) => {
      const found = selected(first, line);
      return found !== undefined && found !== null && holds(found);
    };
  };
  expect('{');
  const condition = any();
  expect('}');
  if (at !== tokens.length) throw new SyntaxError(`${pattern}: does not end`);
  return condition;
};

const comparison = (operator: string, operand: string): ((found: unknown) => boolean) => {
  if (operand === '*') return () => operator === '=';
  if (operand.startsWith('"')) {
    const text = operand.slice(1, -1).replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    const like = new RegExp(`^${text.replaceAll('*', '.*')}$`, 's');
    return (found) => (operator === '=' ? like.test(String(found)) : operator === '!=' && !like.test(String(found)));
  }
  const order = numerically[operator];
  const number = Number(operand);
  if (!order || Number.isNaN(number)) throw new SyntaxError(`${operator} ${operand} is no comparison`);
  return (found) => typeof found === 'number' && order(found, number);
};

const numerically: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '=': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};
