import { hash } from 'node:crypto';
import { GatewayError } from '../problems.ts';
import type { Grants } from './document.ts';

/** Grants that were checked, and the digest of those. */
interface Sealed {
  readonly digest: string;
  readonly grants: Grants;
}

/** Thrown when a file is not one of checked grants, or was changed since. */
export class GrantsUnsealed extends GatewayError {
  override readonly name = 'GrantsUnsealed';
}

/** Writes checked grants down for functions, that need not check them again at each start. */
export const sealGrants = (grants: Grants): string =>
  JSON.stringify({ digest: digestOf(grants), grants } satisfies Sealed);

/** The grants that were sealed, to the letter. Throws GrantsUnsealed. */
export const openGrants = (text: string): Grants => {
  const value: unknown = JSON.parse(text);
  if (!isSealed(value)) throw new GrantsUnsealed('the grants are not those that were checked when they were deployed');
  return value.grants;
};

const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' &&
  value !== null &&
  'digest' in value &&
  'grants' in value &&
  value.digest === digestOf(value.grants);

const digestOf = (grants: unknown): string => hash('sha256', JSON.stringify(grants));
