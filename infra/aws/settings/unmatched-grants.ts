import type { Grants } from '../../../lib/grants/document.ts';
import { type Principal, principalText } from '../../../lib/grants/principal.ts';

/** The settings of a stage that decide which principals can call it. */
export interface StageDoors {
  readonly auth: readonly ({ readonly type: 'iam' } | { readonly type: 'jwt'; readonly issuer: string })[];
  readonly webhooks: Readonly<Record<string, object>>;
  readonly senders: readonly { readonly account: string; readonly sources: readonly string[] }[];
}

/** A part of a grants document that can never match a request. */
export interface Unmatched {
  /** JSON Pointer into the document. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * Lists the grants and principals that can never match; `now` is in milliseconds since the epoch. Without the stage's
 * settings only grants are judged.
 */
export const unmatchedIn = (
  { callers, nonProduction }: Grants,
  now: number,
  doors?: StageDoors,
): readonly Unmatched[] =>
  callers.flatMap(({ name: caller, principals, grants }, index) => [
    ...principals.flatMap((principal, at) => {
      const why = doors && neverCalls(principal, doors);
      const message = `${principalText(principal)} of ${caller} can never match: ${why}`;
      return why === undefined ? [] : [{ pointer: `/callers/${index}/principals/${at}`, message }];
    }),
    ...grants.flatMap(({ name, environments, production, expires }, at) => {
      const pointer = `/callers/${index}/grants/${at}`;
      const never = `the grant ${name} of ${caller} can never match`;
      const closed = environments.filter((id) => id !== '*' && !production && !nonProduction.includes(id));
      return [
        ...closed.map((id) => ({
          pointer: `${pointer}/environments/${environments.indexOf(id)}`,
          message: `${never} in ${id}: the environment is production; add "production": true to the grant, or the id to nonProduction`,
        })),
        ...(expires !== undefined && Date.parse(expires) <= now
          ? [{ pointer: `${pointer}/expires`, message: `${never}: it expired at ${expires}; remove it, or extend it` }]
          : []),
      ];
    }),
  ]);

/** Why a principal can never call a stage. */
const neverCalls = (
  { iam, jwt, event, webhook }: Principal,
  { auth, senders, webhooks }: StageDoors,
): string | undefined => {
  if (iam) {
    const isServed = auth.some(({ type }) => type === 'iam');
    return isServed ? undefined : 'callers of this stage have tokens (auth has no kind iam)';
  }
  if (event) {
    const sender = senders.find(({ account, sources }) => account === event.account && sources.includes(event.source));
    return sender
      ? undefined
      : `no sender of this stage has the source ${event.source} in the account ${event.account}`;
  }
  if (webhook !== undefined) {
    return Object.hasOwn(webhooks, webhook) ? undefined : `this stage has no source of webhooks named ${webhook}`;
  }
  const tokens = auth.find(({ type }) => type === 'jwt');
  if (tokens?.type !== 'jwt') return 'callers of this stage are IAM roles (auth has no kind jwt)';
  if (jwt === undefined || jwt.issuer === tokens.issuer) return undefined;
  const isSlash = jwt.issuer.replace(/\/$/, '') === tokens.issuer.replace(/\/$/, '');
  return `tokens of this stage have the issuer ${tokens.issuer}${isSlash ? ', which differs in the slash at its end' : ''}`;
};
