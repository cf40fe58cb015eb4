import type { CreateRequest } from '../pingone/request.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/logger.ts';
import type { Origin, Outcome } from './request.ts';

/** Counts and times of an attempt's calls to PingOne. */
export interface Tally {
  sends: number;
  /** Duration of the sends, in milliseconds. */
  pingOneMs: number;
  /** Answers of 429 and 401. */
  limited: number;
  unauthorized: number;
  /** Whether an earlier attempt at the request died without a log line. */
  tookOver: boolean;
  /** Time from the end of the last send until a list showed its resource, in milliseconds: an upper bound. */
  listLagMs?: number;
  /** Whether this attempt made the request's outcome unknown, or resolved an unknown one. */
  unknown?: 'opened' | 'closed';
}

export const newTally = (): Tally => ({ sends: 0, pingOneMs: 0, limited: 0, unauthorized: 0, tookOver: false });

/** Notes whether an attempt opened or closed an unknown outcome; `before` and `after`: whether sends were open. */
export const noteUnknown = (tally: Tally, before: boolean, after: boolean): void => {
  // An attempt that died logged no `opened`.
  const isReported = before && !tally.tookOver;
  if (after && !isReported) tally.unknown = 'opened';
  if (!after && isReported) tally.unknown = 'closed';
};

/** The members of an attempt's line that are known before it ends; an unknown caller has no request. */
export interface Attempted extends Pick<CreateRequest, 'endpoint' | 'parameters'> {
  readonly origin: Origin;
  readonly arrivalID: string;
  readonly caller?: string | undefined;
  readonly requestID?: string | undefined;
}

/**
 * Logs the one line of an attempt: caller, request, grant and outcome. It has ids, codes and times (`ms`) only; the
 * runbook, "Evidence", documents its members.
 */
export const reportAttempt = (
  log: Log,
  { endpoint, parameters, origin, caller, arrivalID, requestID }: Attempted,
  tally: Tally,
  ms: number,
  end: Outcome | Problem | 'accepted',
): void => {
  log('info', {
    attempt: {
      ...origin,
      caller,
      endpoint: endpoint.name,
      parameters,
      request: requestID,
      arrival: arrivalID,
      ...ended(end),
      ...tally,
      ownMs: ms - tally.pingOneMs,
      ms,
    },
  });
};

/** Runs an attempt and logs its line: of its result, or of the Problem that it throws. Another error leaves no line. */
export const reported = async <Result>(
  { log, clock }: { readonly log: Log; readonly clock: Pick<Clock, 'now'> },
  request: Attempted,
  attempt: (tally: Tally) => Promise<Result>,
  endOf: (result: Result) => Outcome | 'accepted',
): Promise<Result> => {
  const begun = clock.now();
  const tally = newTally();
  const report = (end: Outcome | Problem | 'accepted') => reportAttempt(log, request, tally, clock.now() - begun, end);
  try {
    const result = await attempt(tally);
    report(endOf(result));
    return result;
  } catch (error) {
    if (error instanceof Problem) report(error);
    throw error;
  }
};

const ended = (end: Outcome | Problem | 'accepted') => {
  if (end === 'accepted') return { outcome: end };
  if (!(end instanceof Problem)) {
    return { outcome: end.how, request: end.requestID, resource: end.id, correlationID: end.correlationID };
  }
  const { code, status, facts } = end;
  return { outcome: code === 'ACCESS_FAILED' ? 'denied' : 'failed', code, status, correlationID: facts.correlationID };
};
