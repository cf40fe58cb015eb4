import * as z from 'zod/mini';
import { principalArn } from './setting.ts';

/** Principals for each duty of the runbook. */
export const operators = z
  .strictObject({
    /** Who may read dead letters, with the bodies in them, and move them back into the queue: may forge requests, too. */
    redrive: z.array(principalArn).check(z.minLength(1)),
    /** Who may list open requests and close them by hand. */
    settle: z.array(principalArn).check(z.minLength(1)),
    /** Who may stop the gateway, and start it again. */
    stop: z.array(principalArn).check(z.minLength(1)),
    /** Whether they need MFA. That is for IAM users: a role's session says nothing of MFA, its identity provider asks for it. */
    mfa: z.boolean(),
  })
  .check(
    z.refine(
      ({ mfa, ...duties }) =>
        !mfa ||
        Object.values(duties)
          .flat()
          .every((arn) => arn.includes(':user/')),
      {
        error: 'must be false where a role is named: sessions of roles have no MFA',
        path: ['mfa'],
      },
    ),
  );
