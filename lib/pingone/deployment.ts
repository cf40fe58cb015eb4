import * as z from 'zod/mini';
import type { Deployment } from '../endpoints/endpoint.ts';
import { Problem, type ProblemFacts } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Answer, jsonOf, NotSent, type Send } from '../runtime/connection.ts';
import type { AccessToken } from './access-token.ts';
import { correlationIDOf } from './correlation-id.ts';
import { lenient } from './lenient.ts';
import { pingOneErrorIn } from './pingone-error.ts';
import { meaningOf } from './reply.ts';
import { deployCall } from './request.ts';
import { retryAfterMs } from './retry-after.ts';

/** A deployment's state as PingOne has it. */
export interface DeploymentState {
  readonly is: 'deployed' | 'deploying' | 'failed' | 'none';
  /** When PingOne last deployed with success, in milliseconds since the epoch by PingOne's clock. */
  readonly deployedAt: number | undefined;
  /** PingOne's code of a failure, else of the state. */
  readonly code: string;
  /** PingOne's own body. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * What a deployment's answer means.
 * - `state`: PingOne answered with the state
 * - `notSent`, `limited`, `unauthorized`, `busy`: nothing was deployed by this call; later it may be
 * - `refused`: nothing was deployed, and the same would be refused again
 * - `unknown`: PingOne may have deployed, or may still do so
 */
export type DeployReply =
  | { readonly known: 'state'; readonly state: DeploymentState }
  | {
      readonly known: 'notSent' | 'limited' | 'unauthorized' | 'busy' | 'refused' | 'unknown';
      readonly problem: Problem;
    };

const code = z.string().check(z.regex(/^[A-Z][A-Z\d_]{0,63}$/));

/** PingOne's state; each member leniently, and the code of the state in any case. */
const body = z.lazy(() =>
  z.object({
    deployedAt: lenient(z.string()),
    status: z.object({ code, error: lenient(z.object({ code: lenient(code) })) }),
  }),
);

/** PingOne's state in a 200; undefined if it can't be read. */
export const stateIn = (answer: Answer): DeploymentState | undefined => {
  const { data } = answer.status === 200 ? z.safeParse(body, jsonOf(answer.body)) : {};
  if (!data) return undefined;
  const { code: stateCode, error } = data.status;
  const time = Date.parse(data.deployedAt ?? '');
  return {
    is: stateOf(stateCode, error !== undefined),
    deployedAt: Number.isNaN(time) ? undefined : time,
    code: error?.code ?? stateCode,
    text: answer.body.toString(),
    correlationID: correlationIDOf(answer),
  };
};

const stateOf = (stateCode: string, hasError: boolean): DeploymentState['is'] => {
  if (stateCode.endsWith('_IN_PROGRESS')) return 'deploying';
  if (stateCode === 'DEPLOYMENT_UNINITIALIZED') return 'none';
  return stateCode === 'DEPLOYMENT_SUCCESSFUL' && !hasError ? 'deployed' : 'failed';
};

/** Sends a deployment once; `timeoutMs` is for its answer. */
export const deployOnce = async (
  { deployment, path, token }: { readonly deployment: Deployment; readonly path: string; readonly token: AccessToken },
  { send, clock }: { readonly send: Send; readonly clock: Clock },
  timeoutMs: number,
): Promise<DeployReply> => {
  try {
    return judgeDeployment(await send(deployCall(path, deployment.contentType, token), timeoutMs), clock.now());
  } catch (cause) {
    if (cause instanceof NotSent) {
      const problem = new Problem('PINGONE_UNREACHABLE', 'PingOne could not be reached; nothing was sent.', { cause });
      return { known: 'notSent', problem };
    }
    return { known: 'unknown', problem: unknownDeployment("PingOne's answer was lost", { cause }) };
  }
};

/** Judges PingOne's answer to a deployment. */
export const judgeDeployment = (answer: Answer, now: number): DeployReply => {
  const { status } = answer;
  const correlationID = correlationIDOf(answer);
  const problem = (
    problemCode: 'PINGONE_ACCESS_FAILED' | 'REQUEST_LIMITED' | 'PINGONE_REFUSED',
    message: string,
    facts: ProblemFacts,
  ) => new Problem(problemCode, `${message}; nothing was deployed (status ${status}).`, { ...facts, correlationID });

  const state = stateIn(answer);
  if (state && state.is !== 'none') return { known: 'state', state };
  if (status === 409) {
    return {
      known: 'busy',
      problem: problem('PINGONE_REFUSED', 'PingOne refused the deployment for now', {
        status,
        ...pingOneErrorIn(answer),
      }),
    };
  }
  const { known } = meaningOf(status);
  switch (known) {
    case 'unauthorized':
      return { known, problem: problem('PINGONE_ACCESS_FAILED', "PingOne rejected the gateway's access token", {}) };
    case 'limited':
      return {
        known,
        problem: problem('REQUEST_LIMITED', 'PingOne limits the request rate', {
          retryAfterMs: retryAfterMs(answer, now),
        }),
      };
    case 'refused':
      return {
        known,
        problem: problem('PINGONE_REFUSED', 'PingOne refused the deployment', { status, ...pingOneErrorIn(answer) }),
      };
    default:
      return {
        known: 'unknown',
        problem: unknownDeployment(`PingOne answered ${status} without the state`, { correlationID }),
      };
  }
};

/** PingOne may have deployed: `why`, as the beginning of a sentence. */
export const unknownDeployment = (why: string, facts: ProblemFacts = {}): Problem =>
  new Problem('DEPLOYMENT_UNKNOWN', `${why}: it may or may not have deployed; a GET of this path tells.`, {
    retryAfterMs: 30_000,
    ...facts,
  });

/**
 * Whether PingOne deployed after `since` (by our clock). Both times are compared by PingOne's clock, which its `Date` tells in
 * whole seconds: an earlier deployment is never taken for a later one. `askedAt`: when the state was asked for.
 */
export const isDeployedSince = (
  { is, deployedAt }: DeploymentState,
  { headers }: Answer,
  since: number,
  askedAt: number,
): boolean => {
  const date = Date.parse(headers.date ?? '');
  const sinceThere = date + 1_000 - (askedAt - since);
  return is === 'deployed' && deployedAt !== undefined && deployedAt >= sinceThere;
};
