type Members = Readonly<Record<string, unknown>>;

/** The value of a dotted member. */
export const valueAt = (value: unknown, member: string): unknown =>
  member.split('.').reduce<unknown>((inner, name) => (isMembers(inner) ? inner[name] : undefined), value);

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
