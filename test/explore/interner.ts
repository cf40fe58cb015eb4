/** Gives equal values one number, from 1, so that they are compared and kept as numbers. */
export interface Interner<Value> {
  numberOf(value: Value): number;
  /** Undefined for 0, which stands for nothing. */
  valueOf(number: number): Value | undefined;
}

export const openInterner = <Value>(textOf: (value: Value) => string): Interner<Value> => {
  const numbers = new Map<string, number>();
  const values: (Value | undefined)[] = [undefined];
  return {
    numberOf: (value) => {
      const text = textOf(value);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, values.length);
      return values.push(value) - 1;
    },
    valueOf: (number) => values[number],
  };
};
