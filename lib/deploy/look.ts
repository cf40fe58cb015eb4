import { type DeploymentState, isDeployedSince, stateIn, unknownDeployment } from '../pingone/deployment.ts';
import { refusedRead } from '../pingone/refused-read.ts';
import type { Problem } from '../problems.ts';
import type { Attempt } from './attempt.ts';

/** PingOne's state, and whether it deployed since a time; or why the state cannot be read. */
type Looked =
  | { readonly problem: Problem; readonly isSince: false }
  | { readonly state: DeploymentState; readonly isSince: boolean };

/** Reads the state; `since` is by our clock. */
export const look = async ({ pingOne, service, times, clock }: Attempt, since: number): Promise<Looked> => {
  const askedAt = clock.now();
  const why = "PingOne's state of the deployment cannot be read";
  try {
    const answer = await pingOne.get(service.path, times.deadline);
    const state = stateIn(answer);
    if (!state) return { problem: refusedRead(answer, clock.now()) ?? unknownDeployment(why), isSince: false };
    return { state, isSince: isDeployedSince(state, answer, since, askedAt) };
  } catch (cause) {
    return { problem: unknownDeployment(why, { cause }), isSince: false };
  }
};
