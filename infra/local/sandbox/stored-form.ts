import { isRecord } from '../json.ts';

/** A secret reads back as exactly this. */
export const mask = '******';

/**
 * What PingOne keeps of the members that were sent: none that are null or empty objects, and no null below them. Only
 * `properties` are kept as they came, being free-form, but for the secrets in them.
 */
export const storedForm = (body: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(body)
      .filter(([, value]) => value !== null && !(isRecord(value) && Object.keys(value).length === 0))
      .map(([name, value]) => [name, name === 'properties' ? maskSecrets(value) : withoutNulls(value)]),
  );

const maskSecrets = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item));
  if (!isRecord(value)) return value;
  const isSecret = value.secure === true || /secret|password/i.test(name);
  return mapMembers(value, (member, inner) => {
    const hide = isSecret && inner === 'value' && member !== null;
    return hide ? mask : maskSecrets(member, inner);
  });
};

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  return mapMembers(value, (member) => (member === null ? undefined : withoutNulls(member)));
};

const mapMembers = (value: Record<string, unknown>, change: (member: unknown, name: string) => unknown) =>
  Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, change(member, name)] as const)
      .filter(([, member]) => member !== undefined),
  );
