import * as z from 'zod/mini';
import type { PendingDeploymentMessage } from '../deploy/pending-deployment-message.ts';
import type { DeploymentItem } from '../ledger/deployment-item.ts';

const text = z.string();

/** The members of both outcomes: ids, codes and times, no body and no PingOne message. */
const common = {
  version: z.literal('1'),
  /** Unique to this outcome, and the same each time it is published: a message may be delivered more than once. */
  id: text,
  /** The request whose resource waited for the deployment. */
  requestID: text,
  parameters: z.record(text, text),
  resource: z.object({ id: text }),
  finishedAt: text,
};

/** The detail of each outcome of a deployment. */
export const deploymentOutcomes = {
  Deployed: z.object({ ...common, deployedAt: text }),
  DeploymentFailed: z.object({
    ...common,
    status: z.number(),
    code: text,
    /** Whether the gateway tries again. */
    isRetried: z.boolean(),
  }),
} as const;

export type DeploymentOutcomeKind = keyof typeof deploymentOutcomes;

const subjectOf = (
  { requestID, parameters, resource }: PendingDeploymentMessage,
  kind: DeploymentOutcomeKind,
  now: number,
  nth = '',
) => ({
  version: '1' as const,
  id: `${requestID} ${kind}${nth}`,
  requestID,
  parameters,
  resource: { id: resource },
  finishedAt: new Date(now).toISOString(),
});

export const deployedOutcome = (
  pending: PendingDeploymentMessage,
  { deployedAt = 0 }: Pick<DeploymentItem, 'deployedAt'>,
  now: number,
): z.output<typeof deploymentOutcomes.Deployed> => ({
  ...subjectOf(pending, 'Deployed', now),
  deployedAt: new Date(deployedAt).toISOString(),
});

/** `nth`: the receipt of the message, since a deployment may fail more than once. */
export const deploymentFailedOutcome = (
  pending: PendingDeploymentMessage,
  { status, code }: { readonly status: number; readonly code: string },
  { now, nth, isRetried }: { readonly now: number; readonly nth: string; readonly isRetried: boolean },
): z.output<typeof deploymentOutcomes.DeploymentFailed> => ({
  ...subjectOf(pending, 'DeploymentFailed', now, ` ${nth}`),
  status,
  code,
  isRetried,
});
