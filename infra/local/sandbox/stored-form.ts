import { normalForm } from '../../../lib/provision/normal-form.ts';
import { isRecord } from '../loopback/json.ts';

/** PingOne's replacement for a secret in an answer. */
const mask = '******';

/**
 * The members of a body as PingOne stores them: in normal form. `properties` are free-form: PingOne stores them as they
 * are, with their secrets masked.
 */
export const storedForm = (body: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(body).flatMap(([name, value]) => {
      const normal = normalForm(value);
      if (normal === undefined) return [];
      return [[name, name === 'properties' ? maskSecrets(value) : normal]];
    }),
  );

const maskSecrets = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item));
  if (!isRecord(value)) return value;
  const isSecret = value.secure === true || /secret|password/i.test(name);
  return Object.fromEntries(
    Object.entries(value).map(([inner, member]) => [
      inner,
      isSecret && inner === 'value' && member !== null ? mask : maskSecrets(member, inner),
    ]),
  );
};
