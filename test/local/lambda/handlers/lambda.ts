/** A function that acts as its event says. */
export const handler = async (event: Record<string, unknown>, context: Record<string, unknown>): Promise<unknown> => {
  const { act, result } = event;
  if (act === 'throw') throw new TypeError('the handler broke');
  if (act === 'throw a string') throw 'no error';
  if (act === 'exit') process.exit(3);
  if (act === 'hang') return new Promise(() => {});
  if (act === 'spin') for (;;);
  if (act === 'log') console.log('written to stdout');
  if (act === 'warn') console.error('written to stderr');
  if (act === 'environment') return process.env;
  if (act === 'context') return { ...context, remaining: remainingOf(context) };
  return act === 'return' ? result : event;
};

const remainingOf = ({ getRemainingTimeInMillis: remaining }: Record<string, unknown>): unknown =>
  typeof remaining === 'function' ? remaining() : undefined;
