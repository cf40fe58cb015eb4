/** Tells what was added to a list, which may forget its oldest, since this was asked last. */
export const newestOf = <Item>(list: readonly Item[]) => {
  let last: Item | undefined;
  return (): readonly Item[] => {
    const fresh = last === undefined ? [...list] : list.slice(list.lastIndexOf(last) + 1);
    last = list.at(-1);
    return fresh;
  };
};
