import { principalOf } from '../grants/authenticated.ts';
import { principalText } from '../grants/principal.ts';
import type { HttpEvent } from './event.ts';

/** Who API Gateway says is calling; requests of the ledger belong to one caller and are shared with none. */
export const callerOf = ({ requestContext }: HttpEvent): string => {
  // A role, whatever its session is called: a retry may come from the next one.
  const principal = principalOf(requestContext);
  if (!('unestablished' in principal)) return principalText(principal);
  const context: Partial<Authorizers> = 'authorizer' in requestContext ? Object(requestContext.authorizer) : {};
  const claims = context.jwt?.claims;
  if (claims) return `${claims.iss} ${claims.client_id ?? claims.azp ?? claims.sub}`;
  return context.iam?.userArn ?? 'anonymous';
};

interface Authorizers {
  readonly jwt: { readonly claims: Readonly<Record<string, unknown>> };
  readonly iam: { readonly userArn: string };
}
