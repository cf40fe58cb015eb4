/** An argument's name as a person reads it: in brackets if it may be left out. */
export const shownArg = (name: string): string =>
  /[?…]$/.test(name) ? `[${name.replace('?', '').replace('…', ' …')}]` : name;
