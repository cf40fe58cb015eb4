type Path = readonly PropertyKey[];

/** JSON Pointer (RFC 6901) of a path into a body. */
export const pointerTo = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The same as a person writes it: `paths[0].pattern`. */
export const targetOf = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
