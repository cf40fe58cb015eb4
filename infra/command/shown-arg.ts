/** An argument's name as `--help` shows it: in brackets if it is optional. */
export const shownArg = (name: string): string =>
  /[?…]$/.test(name) ? `[${name.replace('?', '').replace('…', ' …')}]` : name;
