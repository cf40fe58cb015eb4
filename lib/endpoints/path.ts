/** The path of an environment. */
export const environmentPath = '/environments/{environmentID}';

/** The names of a path's parameters, in their order: `{name}`. */
export const parameterNames = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The decoded parameters of a path that matches a template (`/a/{name}`); undefined if it doesn't match. */
export const matchPath = (template: string, path: string): Record<string, string> | undefined => {
  const segments = template.split('/');
  const values = path.split('/');
  if (segments.length !== values.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = values[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    const decoded = name === undefined ? value : percentDecoded(value);
    if (name === undefined ? segment !== value : !decoded) return undefined;
    if (name !== undefined && decoded !== undefined) parameters[name] = decoded;
  }
  return parameters;
};

/** The path with its parameters filled in and encoded; a parameter without a value stays a placeholder. */
export const fillPath = (path: string, parameters: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (placeholder, name) => {
    const value = parameters[name];
    return value === undefined ? placeholder : encodeURIComponent(value);
  });

/** A text without percent-encoding; undefined if the encoding is malformed. */
export const percentDecoded = (value: string): string | undefined => {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};
