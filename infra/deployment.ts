/** Lambda's limits for a function. */
export interface FunctionLimits {
  readonly timeoutSeconds: number;
  /** Also determines the CPU share. */
  readonly memoryMB: number;
}

/** API Gateway's maximum wait for a function. */
export const integrationTimeoutSeconds = 30;

/** The limits of each function, deployed and on this machine, by its file name in `functions/`. */
export const functionLimits = {
  // Below API Gateway's time-out, so the function itself reports its progress.
  http: { timeoutSeconds: 28, memoryMB: 1024 },
  queue: { timeoutSeconds: 60, memoryMB: 1024 },
  read: { timeoutSeconds: 28, memoryMB: 512 },
  // 20 s for PingOne, then a look at the state.
  deploy: { timeoutSeconds: 28, memoryMB: 512 },
  'environment-lookup': { timeoutSeconds: 28, memoryMB: 512 },
  webhook: { timeoutSeconds: 10, memoryMB: 512 },
  // 45 s for PingOne, then a look at the state and the outcomes.
  'deploy-queue': { timeoutSeconds: 60, memoryMB: 512 },
  'request-status': { timeoutSeconds: 10, memoryMB: 512 },
  'not-offered': { timeoutSeconds: 3, memoryMB: 128 },
  // A page of 1 MB takes about 50 ms: enough for a ledger of several gigabytes.
  'open-requests': { timeoutSeconds: 900, memoryMB: 512 },
} as const satisfies Record<string, FunctionLimits>;

/** The queue of each endpoint. */
export const requestQueue = {
  /** Six times the function's time-out, as AWS advises. */
  visibilityTimeoutSeconds: 6 * functionLimits.queue.timeoutSeconds,
  /** Receives before SQS moves a message to the dead letters. Each wait for PingOne is a receive. */
  maxReceiveCount: 100,
  /** Messages in one invocation. */
  batchSize: 10,
} as const;

/** The queue of pending deployments. A failed one is tried at most every 15 minutes, so it outlasts a week. */
export const deployQueue = {
  visibilityTimeoutSeconds: 6 * functionLimits['deploy-queue'].timeoutSeconds,
  /** SQS's maximum. */
  maxReceiveCount: 1_000,
  batchSize: 10,
} as const;
