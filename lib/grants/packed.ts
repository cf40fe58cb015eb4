import { hash } from 'node:crypto';
import { GatewayError } from '../problems.ts';
import type { Grants } from './document.ts';

/** Checked grants and their digest. */
interface Packed {
  readonly digest: string;
  readonly grants: Grants;
}

/** Thrown when a file has no checked grants, or was changed after the check. */
export class GrantsAltered extends GatewayError {
  override readonly name = 'GrantsAltered';
}

/** Packs checked grants for functions, which then need not check them at each start. */
export const packGrants = (grants: Grants): string =>
  JSON.stringify({ digest: digestOf(grants), grants } satisfies Packed);

/** Unpacks grants and verifies their digest. @throws GrantsAltered */
export const unpackGrants = (text: string): Grants => {
  const value: unknown = JSON.parse(text);
  if (!isPacked(value)) throw new GrantsAltered('the grants file changed after it was checked; deploy it again');
  return value.grants;
};

const isPacked = (value: unknown): value is Packed =>
  typeof value === 'object' &&
  value !== null &&
  'digest' in value &&
  'grants' in value &&
  value.digest === digestOf(value.grants);

const digestOf = (grants: unknown): string => hash('sha256', JSON.stringify(grants));
