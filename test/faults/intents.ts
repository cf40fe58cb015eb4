import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { type Chance, pick } from './chance.ts';

/** One resource that a caller wants. */
export interface Intent {
  readonly number: number;
  readonly endpoint: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: string;
  readonly key: string | undefined;
}

/** Requests of several callers, about three for each name, with the same body or with another, most with a key. */
export const intentsOf = (count: number, chance: Chance): readonly Intent[] =>
  Array.from({ length: count }, (_, number) => {
    // Few operations: an API service takes no more than 25.
    const endpoint = pick(endpoints, Math.min(0.999, chance('endpoint', number) ** 3));
    const name = `Name ${Math.floor(chance('name', number) * (count / 3))}`;
    const variant = chance('variant', number) < 0.3 ? variantOf(endpoint) : {};
    return {
      number,
      endpoint,
      body: { ...endpoint.example.body, ...variant, name },
      caller: pick(['ci', 'catalogue'], chance('caller', number)),
      key: chance('keyed', number) < 0.8 ? `key ${number}` : undefined,
    };
  });

/** A member that the example doesn't have, so that bodies of one name differ. */
const variantOf = ({ sets }: Endpoint) =>
  sets.includes('methods') ? { methods: ['GET'] } : { properties: { urls: { value: [1, 2] } } };
