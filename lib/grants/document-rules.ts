import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { WrittenLimit } from './limits/limit.ts';
import { writtenLimits } from './limits/limits.ts';
import { type Principal, principalKey, principalText } from './principal.ts';

/** A grant must have every limit of its endpoints, and no other limit. */
export const limitsFit = (endpoints: readonly Endpoint[]) =>
  z.superRefine((grant: { readonly endpoints: readonly string[] }, context) => {
    const granted = endpoints.filter(({ name }) => grant.endpoints.includes(name));
    for (const [limit, { isOptional }] of Object.entries<WrittenLimit<z.core.$ZodType>>(writtenLimits)) {
      const limited = granted.filter((endpoint) => limit in endpoint.grants).map(({ name }) => name);
      if (limit in grant && limited.length === 0) {
        context.addIssue(violation('INVALID_PARAMETER', [limit], 'does not apply to any endpoint of this grant'));
      }
      if (!(limit in grant) && limited.length > 0 && !isOptional) {
        context.addIssue(violation('REQUIRED_VALUE', [limit], `is required for ${limited.join(' and ')}`));
      }
    }
  });

/** Values of properties are only ever read. */
export const secretsAreRead = z.superRefine(
  (grant: { readonly secrets?: boolean | undefined; readonly actions?: readonly string[] | undefined }, context) => {
    if (!grant.secrets || grant.actions?.includes('read')) return;
    context.addIssue(violation('INVALID_PARAMETER', ['secrets'], 'does not apply to a grant without the action read'));
  },
);

/** Only some endpoints need a deployment, and only a create has one after it. */
export const deploysFit = (endpoints: readonly Endpoint[]) =>
  z.superRefine(
    (
      grant: {
        readonly endpoints: readonly string[];
        readonly deploy?: readonly string[] | undefined;
        readonly actions?: readonly string[] | undefined;
      },
      context,
    ) => {
      const { deploy = [], actions = ['create'] } = grant;
      const isDeployed = endpoints.some(({ name, deployment }) => deployment && grant.endpoints.includes(name));
      if (deploy.length > 0 && !isDeployed)
        context.addIssue(violation('INVALID_PARAMETER', ['deploy'], 'does not apply to any endpoint of this grant'));
      if (deploy.includes('after') && !actions.includes('create'))
        context.addIssue(violation('INVALID_PARAMETER', ['deploy'], 'must not have "after" without the action create'));
    },
  );

/** Names of callers, and of one caller's grants, must be unique. */
export const namesDiffer = z.superRefine((named: readonly { readonly name: string }[], context) => {
  const names = named.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    context.addIssue(violation('UNIQUENESS_VIOLATION', [index, 'name'], `must not repeat "${name}"`));
  }
});

interface WithPrincipals {
  readonly name: string;
  readonly principals: readonly Principal[];
}

/** A principal belongs to exactly one caller. */
export const principalsDiffer = z.superRefine((callers: readonly WithPrincipals[], context) => {
  const owners = new Map<string, string>();
  for (const [index, { name, principals }] of callers.entries()) {
    for (const [at, principal] of principals.entries()) {
      const owner = owners.get(principalKey(principal)) ?? name;
      owners.set(principalKey(principal), owner);
      if (owner === name) continue;
      const words = `is ${principalText(principal)}, which already belongs to "${owner}"`;
      context.addIssue(violation('UNIQUENESS_VIOLATION', [index, 'principals', at], words));
    }
  }
});

const violation = (code: string, path: (string | number)[], message: string) => ({
  code: 'custom' as const,
  path,
  message,
  params: { code },
});
