/** Number of concurrent callers. */
const atOnce = 25;

/** Calls `act` for each item, for several items at a time. */
export const eachOf = async <Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> => {
  const left = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await act(item);
    }),
  );
};
