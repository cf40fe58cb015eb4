import { codeOf, Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/logger.ts';
import type { DeployResult } from './attempt.ts';

/**
 * Runs a deployment and logs its one line: whose it is, by which grant, of what, and how it ended. It has ids, codes and
 * times (`ms`) only; the runbook, "Evidence", documents its members.
 */
export const reportedDeployment = async (
  { log, clock }: { readonly log: Log; readonly clock: Pick<Clock, 'now'> },
  line: Readonly<Record<string, unknown>>,
  attempt: () => Promise<DeployResult>,
): Promise<DeployResult> => {
  const begun = clock.now();
  const report = (end: object) => log('info', { deployment: { ...line, ...end, ms: clock.now() - begun } });
  try {
    const result = await attempt();
    const { is: outcome, code, correlationID } = result.state;
    report({ outcome, code, correlationID, covers: result.covers });
    return result;
  } catch (error) {
    if (error instanceof Problem) report({ outcome: outcomes[error.code] ?? 'failed', ...codesOf(error) });
    throw error;
  }
};

const codesOf = (problem: Problem) => ({
  code: codeOf(problem),
  status: problem.status,
  correlationID: problem.facts.correlationID,
});

/** How a problem is counted, if not as failed. */
const outcomes: Partial<Record<Problem['code'], string>> = {
  ACCESS_FAILED: 'denied',
  NAME_BUSY: 'later',
  REQUEST_LIMITED: 'later',
  DEPLOYMENT_UNKNOWN: 'unknown',
};
