import { describe, expect, it } from 'vitest';
import type { DeployResult } from '../../lib/deploy/attempt.ts';
import { reportedDeployment } from '../../lib/deploy/deployment-line.ts';
import type { DeploymentState } from '../../lib/pingone/deployment.ts';
import { Problem } from '../../lib/problems.ts';
import { manualClock } from '../harness/manual-clock.ts';

/** The lines of a deployment that takes 5 ms, and how it ends. */
const reported = async (ends: DeployResult | Error) => {
  const { clock, pass } = manualClock();
  const lines: unknown[] = [];
  const parts = { clock, log: (level: string, line: object) => lines.push([level, line]) };
  const ended = await reportedDeployment(parts, { caller: 'alice' }, async () => {
    pass(5);
    if (ends instanceof Error) throw ends;
    return ends;
  }).catch((error: unknown) => error);
  return { ended, lines };
};
const line = (end: object) => ['info', { deployment: { caller: 'alice', ...end, ms: 5 } }];

describe("a deployment's line", () => {
  it.each(['deployed', 'deploying', 'failed'] as const)('has the code of PingOne, which says it is %s', async (is) => {
    const state: DeploymentState = { is, deployedAt: undefined, code: 'CODE', text: '{}', correlationID: 'c' };
    const result = { state, covers: 3 };
    const { ended, lines } = await reported(result);
    expect(ended).toBe(result);
    expect(lines).toEqual([line({ outcome: is, code: 'CODE', correlationID: 'c', covers: 3 })]);
  });

  it.each<[Problem['code'], string]>([
    ['ACCESS_FAILED', 'denied'],
    ['NAME_BUSY', 'later'],
    ['REQUEST_LIMITED', 'later'],
    ['DEPLOYMENT_UNKNOWN', 'unknown'],
    ['PINGONE_UNREACHABLE', 'failed'],
  ])('tells %s as %s', async (code, outcome) => {
    const problem = new Problem(code, 'No.', { correlationID: 'c' });
    const { ended, lines } = await reported(problem);
    expect(ended).toBe(problem);
    expect(lines).toEqual([line({ outcome, code, status: problem.status, correlationID: 'c' })]);
  });

  it("has PingOne's code of a refusal", async () => {
    const upstream = { id: 'x', code: 'NOT_FOUND', message: 'No.' };
    const { lines } = await reported(new Problem('PINGONE_REFUSED', 'No.', { status: 404, upstream }));
    expect(lines).toEqual([line({ outcome: 'failed', code: 'NOT_FOUND', status: 404 })]);
  });

  it('is left out if the deployment ends otherwise', async () => {
    const error = new Error('covered');
    expect(await reported(error)).toEqual({ ended: error, lines: [] });
  });
});
