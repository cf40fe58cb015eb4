type Path = readonly PropertyKey[];

/** Limits memory: a name in a path may be as long as the body, and a hundred violations may quote it. */
const maximumLength = 1_000;

/** JSON Pointer (RFC 6901) of a path into a body; too long a pointer stops at a parent. */
export const pointerTo = (path: Path): string => {
  let pointer = '';
  for (const step of path) {
    const next = `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (next.length > maximumLength) break;
    pointer = next;
  }
  return pointer;
};

/** A path in readable form: `paths[0].pattern`; cut if too long. */
export const targetOf = (path: Path): string => {
  const target = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  return target.length > maximumLength ? `${target.slice(0, maximumLength)}…` : target;
};
