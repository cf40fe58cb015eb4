import type { Endpoint } from '../endpoints/endpoint.ts';
import { isMembers } from './members.ts';

/** A body without the endpoint's read-only members, which PingOne adds to its answers, and the names of those left out. */
export const withoutReadOnly = (
  { readOnly = [] }: Endpoint,
  body: unknown,
): { readonly body: unknown; readonly leftOut: readonly string[] } => {
  const leftOut = isMembers(body) ? readOnly.filter((name) => Object.hasOwn(body, name)) : [];
  if (!isMembers(body) || leftOut.length === 0) return { body, leftOut };
  return { body: Object.fromEntries(Object.entries(body).filter(([name]) => !leftOut.includes(name))), leftOut };
};
