import { hash } from 'node:crypto';
import { GatewayError } from '../problems.ts';
import type { Grants } from './document.ts';

/** Grants that were checked, and the digest of those. */
interface Packed {
  readonly digest: string;
  readonly grants: Grants;
}

/** Thrown when a file is not one of checked grants, or was changed since. */
export class GrantsAltered extends GatewayError {
  override readonly name = 'GrantsAltered';
}

/** Writes checked grants down for functions, that need not check them again at each start. */
export const packGrants = (grants: Grants): string =>
  JSON.stringify({ digest: digestOf(grants), grants } satisfies Packed);

/** The grants that were packed, to the letter. Throws GrantsAltered. */
export const unpackGrants = (text: string): Grants => {
  const value: unknown = JSON.parse(text);
  if (!isPacked(value)) throw new GrantsAltered('the grants are not those that were checked when they were deployed');
  return value.grants;
};

const isPacked = (value: unknown): value is Packed =>
  typeof value === 'object' &&
  value !== null &&
  'digest' in value &&
  'grants' in value &&
  value.digest === digestOf(value.grants);

const digestOf = (grants: unknown): string => hash('sha256', JSON.stringify(grants));
