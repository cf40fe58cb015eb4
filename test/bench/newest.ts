/** Returns the items added since the last call to a list that may drop its oldest. */
export const newestOf = <Item>(list: readonly Item[]) => {
  let last: Item | undefined;
  return (): readonly Item[] => {
    const fresh = last === undefined ? [...list] : list.slice(list.lastIndexOf(last) + 1);
    last = list.at(-1);
    return fresh;
  };
};
