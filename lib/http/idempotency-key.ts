import { headerNames } from '../contract.ts';
import { Problem } from '../problems.ts';

const maximumLength = 255;

/**
 * The caller's `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), as a structured-field string or bare.
 * @throws Problem INVALID_DATA (400) if it is neither
 */
export const idempotencyKeyOf = (headers: Readonly<Record<string, string | undefined>>): string | undefined => {
  const header = headers[headerNames.idempotencyKey]?.trim();
  if (header === undefined) return undefined;
  const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(header)?.[1]?.replace(/\\(.)/g, '$1');
  const key = quoted ?? (/^[!#-~]+$/.test(header) ? header : '');
  if (key !== '' && key.length <= maximumLength) return key;
  const message = `Idempotency-Key must be 1 to ${maximumLength} printable ASCII characters, in double quotes if it has spaces or quotes`;
  throw new Problem('INVALID_DATA', `${message}.`, {
    violations: [{ code: key === '' ? 'INVALID_VALUE' : 'SIZE_LIMIT_EXCEEDED', message, target: 'Idempotency-Key' }],
  });
};
