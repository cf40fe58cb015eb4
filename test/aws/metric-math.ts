/** A value of a metric in one period; undefined without data. */
export type Value = number | undefined;

/**
 * Evaluates metric math for one period: arithmetic, arrays, FILL, SUM and MAX. Where AWS leaves the result open, it
 * assumes the worse: an operation or function with missing data has no result. @throws SyntaxError
 */
export const evaluate = (expression: string, metrics: Readonly<Record<string, Value>>): Value => {
  const tokens = tokenized.get(expression) ?? expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|\S/g) ?? [];
  tokenized.set(expression, tokens);
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new SyntaxError(`${expression}: "${found}" stands where "${token}" should`);
  };
  const list = (end: string): Value[] => {
    const values: Value[] = [];
    while (tokens[at] !== end) {
      values.push(sum());
      if (tokens[at] === ',') at++;
    }
    expect(end);
    return values;
  };
  const called = (name: string): Value => {
    expect('(');
    if (name === 'FILL') {
      const [value, instead] = list(')');
      return value ?? instead;
    }
    expect('[');
    const values = list(']');
    expect(')');
    const present = values.flatMap((value) => value ?? []);
    if (present.length < values.length) return undefined;
    if (name === 'SUM') return present.reduce((total, value) => total + value, 0);
    if (name === 'MAX') return Math.max(...present);
    throw new SyntaxError(`${expression}: ${name} is not known here`);
  };
  const factor = (): Value => {
    const token = next();
    if (/^\d/.test(token)) return Number(token);
    if (tokens[at] === '(') return called(token);
    if (!(token in metrics)) throw new SyntaxError(`${expression}: there is no metric "${token}"`);
    return metrics[token];
  };
  const chain = (operators: string, operand: () => Value): Value => {
    let value = operand();
    while (operators.includes(tokens[at] ?? ' ')) value = calculated(value, next(), operand());
    return value;
  };
  const sum = (): Value => chain('+-', () => chain('*/', factor));
  const value = sum();
  if (at !== tokens.length) throw new SyntaxError(`${expression}: does not end`);
  return value;
};

const tokenized = new Map<string, readonly string[]>();

const calculated = (one: Value, operator: string, other: Value): Value => {
  if (one === undefined || other === undefined) return undefined;
  if (operator === '+') return one + other;
  if (operator === '-') return one - other;
  if (operator === '*') return one * other;
  return other === 0 ? undefined : one / other;
};
