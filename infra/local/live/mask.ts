/** Headers with a credential. */
const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-amz-security-token']);

/** Names of members with a credential, in any object. */
const secretMember = /secret|password|passphrase|token|credential|private.?key|api.?key/i;

export const masked = '••••••';

/** Headers with each credential masked, except its scheme. */
export const maskedHeaders = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const text = Array.isArray(value) ? value.join(', ') : String(value);
      return [[name, secretHeaders.has(name.toLowerCase()) ? maskedCredential(text) : text]];
    }),
  );

/** A JSON value with each credential masked, and each value in `properties`, which contain connectors' credentials. */
export const maskedJson = (value: unknown, isSecret = false): unknown => {
  if (Array.isArray(value)) return value.map((each) => maskedJson(each, isSecret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        maskedJson(member, isSecret || name === 'properties' || secretMember.test(name)),
      ]),
    );
  }
  return isSecret && value !== null && typeof value !== 'boolean' ? masked : value;
};

const maskedCredential = (text: string): string => {
  const [scheme, credential] = text.split(' ', 2);
  return credential === undefined ? masked : `${scheme} ${masked}`;
};
