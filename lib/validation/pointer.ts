type Path = readonly PropertyKey[];

/** The names in a path may be as long as the body: a hundred violations that quote them whole are more than memory holds. */
const maximumLength = 1_000;

/** JSON Pointer (RFC 6901) of a path into a body; where that is too long, of what holds it. */
export const pointerTo = (path: Path): string => {
  let pointer = '';
  for (const step of path) {
    const next = `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (next.length > maximumLength) break;
    pointer = next;
  }
  return pointer;
};

/** The same as a person writes it: `paths[0].pattern`; where that is too long, its beginning. */
export const targetOf = (path: Path): string => {
  const target = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  return target.length > maximumLength ? `${target.slice(0, maximumLength)}…` : target;
};
