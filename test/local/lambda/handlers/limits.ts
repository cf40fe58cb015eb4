/** Answers and logs Lambda's context. */
export const handler = async (
  _: unknown,
  context: { readonly memoryLimitInMB: string; readonly getRemainingTimeInMillis: () => number },
) => {
  const limits = {
    timeoutSeconds: Math.ceil(context.getRemainingTimeInMillis() / 1000),
    memoryMB: Number(context.memoryLimitInMB),
  };
  console.log({ limits });
  return limits;
};
