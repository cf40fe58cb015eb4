import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';

/** The values that the endpoints' examples give each path parameter, by its name, in the order of the registry. */
export const exampleParameters = (endpoints: readonly Endpoint[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const values = new Map<string, Set<string>>();
  for (const { example } of endpoints) {
    for (const [name, value] of Object.entries(example.parameters)) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  return values;
};
