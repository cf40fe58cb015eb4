import { randomBytes, randomUUID } from 'node:crypto';
import { storedForm } from './stored-form.ts';
import { type Substitution, substitute } from './substitution.ts';

/** A resource as PingOne stores and answers it. */
export type Resource = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * The resource of a create: the members of the documentation's example answer, in their order, with the ids, addresses,
 * times and body of the request.
 */
export const createResource = (origin: Substitution, body: Readonly<Record<string, unknown>>, now: Date): Resource => {
  const { resource: example, body: exampleBody } = origin.endpoint.example;
  const stored = storedForm(body);
  const id = freshID(example.id);
  const times = new Map(['createdAt', 'updatedAt'].map((name) => [name, now.toISOString()]));
  const shaped = Object.entries(example).map(([name, value]): [string, unknown] => [
    name,
    Object.hasOwn(exampleBody, name) ? stored.get(name) : (times.get(name) ?? substitute(value, origin, id)),
  ]);
  const appended = [...stored].filter(([name]) => !Object.hasOwn(example, name));
  const present = [...shaped, ...appended].filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), id };
};

/** PingOne's ids are UUIDs, and 32 hexadecimal digits for resources of DaVinci. */
const freshID = (example: string): string =>
  /^[0-9a-f]{32}$/.test(example) ? randomBytes(16).toString('hex') : randomUUID();
