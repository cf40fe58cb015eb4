import type * as z from 'zod/mini';
import type { principal } from './principal-schema.ts';

/** An identity that AWS, a token issuer or a signature authenticates. */
export type Principal = z.output<typeof principal>;

export const isSamePrincipal = (one: Principal, other: Principal): boolean =>
  one.iam?.account === other.iam?.account &&
  one.iam?.role === other.iam?.role &&
  one.jwt?.issuer === other.jwt?.issuer &&
  one.jwt?.client === other.jwt?.client &&
  one.jwt?.subject === other.jwt?.subject &&
  one.event?.account === other.event?.account &&
  one.event?.source === other.event?.source &&
  one.webhook === other.webhook;

/** A key that is unique to a principal. */
export const principalKey = ({ iam, jwt, event, webhook }: Principal): string =>
  JSON.stringify([
    ...[iam?.account, iam?.role, jwt?.issuer, jwt?.client, jwt?.subject],
    ...[event?.account, event?.source, webhook],
  ]);

/** The notation of the operator's tool: `iam:ACCOUNT:ROLE`, `jwt:ISSUER:client:ID`, … */
export const principalText = ({ iam, jwt, event, webhook }: Principal): string => {
  if (iam) return `iam:${iam.account}:${iam.role}`;
  if (event) return `event:${event.account}:${event.source}`;
  if (webhook !== undefined) return `webhook:${webhook}`;
  const { issuer, client, subject } = { ...jwt };
  return client === undefined ? `jwt:${issuer}:subject:${subject}` : `jwt:${issuer}:client:${client}`;
};
