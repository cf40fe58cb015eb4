import type { Outgoing } from '../loopback/outgoing.ts';
import type { Reply } from '../loopback/reply.ts';
import { type FailureStatus, failure } from './failure.ts';
import type { FaultOf, Kinds } from './fault-kind.ts';
import { between, pick } from './random.ts';
import { limited, refusal } from './refusal.ts';

/** The faults of deployments by kind, with their parameters; times in milliseconds. */
interface DeployFaults {
  deployRefused: { readonly status: 400 | 403 | 404 };
  deployLimited: { readonly retryAfter?: number };
  deployBusy: object;
  deployErrs: { readonly status: Exclude<FailureStatus, 408> };
  deployFails: object;
  deployInProgress: { readonly afterMs: number };
  deployThenReset: { readonly afterMs: number };
  deployThenHang: object;
  deploySlow: { readonly afterMs: number };
}

/** The fault of one deployment. */
export type DeployFault = FaultOf<DeployFaults>;

/** The deployment that meets a fault. */
export interface FaultyDeployment {
  /** Deploys after some milliseconds, and answers with the state. */
  deploy(afterMs?: number): Promise<Reply>;
  /** Ends the deployment as failed, and answers with the state. */
  fail(): Reply;
  /** The state now. */
  state(): Reply;
}

/** Every fault of deployments. No other file lists their names. */
export const deployFaults: Kinds<DeployFaults, FaultyDeployment, Outgoing | Promise<Outgoing>> = {
  deployRefused: {
    summary: 'refused: 400, 403 or 404',
    draw: (random) => ({ status: pick(random, [400, 403, 404]) }),
    run: ({ status }) => refusal(status, codes[status], 'The request could not be completed.'),
  },
  deployLimited: {
    summary: '429 REQUEST_LIMITED, with or without Retry-After',
    draw: (random) => pick(random, [{}, { retryAfter: between(random, 1, 30) }]),
    run: ({ retryAfter }) => limited(retryAfter === undefined ? undefined : String(retryAfter)),
  },
  deployBusy: {
    summary: '409, as if another deployment ran',
    draw: () => ({}),
    run: () => refusal(409, 'CONFLICT', 'Conflict.'),
  },
  deployErrs: {
    summary: '500, 502, 503 or 504, and nothing is deployed',
    draw: (random) => ({ status: pick(random, [500, 502, 503, 504]) }),
    run: ({ status }) => failure(status),
  },
  deployFails: {
    summary: '200 with DEPLOYMENT_FAILED',
    draw: () => ({}),
    run: (_, { fail }) => fail(),
  },
  deployInProgress: {
    summary: '200 while the deployment runs, which ends seconds later',
    draw: (random) => ({ afterMs: between(random, 2_000, 20_000) }),
    run: ({ afterMs }, { deploy, state }) => {
      void deploy(afterMs);
      return state();
    },
  },
  deployThenReset: {
    summary: 'deployed, then the connection is reset',
    draw: (random) => ({ afterMs: between(random, 0, 12_000) }),
    run: async ({ afterMs }, { deploy }): Promise<Outgoing> => {
      await deploy(afterMs);
      return 'reset';
    },
  },
  deployThenHang: {
    summary: 'deployed, and never answered',
    draw: () => ({}),
    run: async (_, { deploy }): Promise<Outgoing> => {
      await deploy();
      return 'hang';
    },
  },
  deploySlow: {
    summary: 'deployed and answered only after up to 80 seconds',
    draw: (random) => ({ afterMs: between(random, 5_000, 80_000) }),
    run: ({ afterMs }, { deploy }) => deploy(afterMs),
  },
};

const codes = { 400: 'INVALID_DATA', 403: 'ACCESS_FAILED', 404: 'NOT_FOUND' } as const;
