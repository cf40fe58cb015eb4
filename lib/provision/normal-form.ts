import { isMembers } from '../validation/members.ts';

/**
 * Normalises what PingOne may store in another form than sent. Null members and empty objects and arrays count as absent
 * (API data models, "omitted in the output if empty or null"); UUIDs become lower case. Undefined if nothing is left.
 */
export const normalForm = (value: unknown): unknown => {
  if (value === null) return undefined;
  if (typeof value === 'string') return uuid.test(value) ? value.toLowerCase() : value;
  if (Array.isArray(value)) return value.length > 0 ? value.map(normalForm) : undefined;
  if (!isMembers(value)) return value;
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const normal = normalForm(inner);
    return normal === undefined ? [] : [[name, normal]];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
};

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
