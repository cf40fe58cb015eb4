/** How many callers are there at a time. */
const atOnce = 25;

/** Does something for each item, for several of them at a time. */
export const eachOf = async <Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> => {
  const left = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await act(item);
    }),
  );
};
