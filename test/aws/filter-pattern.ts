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
  const tokens = pattern.match(/\$(?:\.\w+)+|"[^"]*"|-?\d+(?:\.\d+)?|&&|\|\||[<>!]?=|[<>{}()*]|\S/g) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new SyntaxError(`${pattern}: "${found}" stands where "${token}" should`);
  };
  const several = (operator: '&&' | '||', one: () => boolean): boolean => {
    const results = [one()];
    while (tokens[at] === operator) {
      at++;
      results.push(one());
    }
    return operator === '&&' ? results.every(Boolean) : results.some(Boolean);
  };
  const any = (): boolean => several('||', () => several('&&', term));
  const term = (): boolean => {
    const first = next();
    if (first === '(') {
      const holds = any();
      expect(')');
      return holds;
    }
    if (!first.startsWith('$.')) throw new SyntaxError(`${pattern}: "${first}" is no selector`);
    return compare(selected(first, line), next(), next());
  };
  expect('{');
  const holds = any();
  expect('}');
  if (at !== tokens.length) throw new SyntaxError(`${pattern}: does not end`);
  return holds;
};

const compare = (found: unknown, operator: string, operand: string): boolean => {
  if (found === undefined || found === null) return false;
  if (operand === '*') return operator === '=';
  if (operand.startsWith('"')) {
    const text = operand.slice(1, -1).replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    const isLike = new RegExp(`^${text.replaceAll('*', '.*')}$`, 's').test(String(found));
    return operator === '=' ? isLike : operator === '!=' && !isLike;
  }
  const order = numerically[operator];
  const number = Number(operand);
  if (!order || Number.isNaN(number)) throw new SyntaxError(`${operator} ${operand} is no comparison`);
  return typeof found === 'number' && order(found, number);
};

const numerically: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '=': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};
