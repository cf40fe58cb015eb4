import { isMembers } from '../validation/members.ts';

/** PingOne's own replacement of a secret. */
const mask = '******';

/** Members of a property that describe it and hold no value (DaVinci's connector catalogue). */
const descriptive = new Set(
  'type displayName info preferredControlType required secure hashedVisibility sections placeholder createdDate'.split(
    ' ',
  ),
);

/** A resource with every value below these members masked: PingOne masks some of its secrets only. */
export const masked = (
  resource: Readonly<Record<string, unknown>>,
  members: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [name, members.includes(name) ? maskedProperties(value) : value]),
  );

/** Properties by name; each is a plain value, or an object with its `value` or properties of its own. */
const maskedProperties = (properties: unknown): unknown =>
  isMembers(properties) ? mapped(properties, (property) => maskedProperty(property)) : hidden(properties);

const maskedProperty = (property: unknown): unknown =>
  isMembers(property)
    ? mapped(property, (member, name) => {
        if (name === 'properties') return maskedProperties(member);
        return descriptive.has(name) ? member : hidden(member);
      })
    : hidden(property);

const hidden = (value: unknown): unknown => (value === null ? null : mask);

const mapped = (value: Readonly<Record<string, unknown>>, change: (member: unknown, name: string) => unknown) =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]));
