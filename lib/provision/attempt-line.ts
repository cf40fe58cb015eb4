import type { CreateRequest } from '../pingone/request.ts';
import { Problem } from '../problems.ts';
import type { Log } from '../runtime/logger.ts';
import type { Origin, Outcome } from './request.ts';

/** What an attempt did at PingOne. */
export interface Tally {
  sends: number;
  /** How long PingOne took for them, in milliseconds. */
  pingOneMs: number;
  /** Answers of 429 and 401. */
  limited: number;
  unauthorized: number;
  /** Whether an earlier attempt at the request died without a word. */
  tookOver: boolean;
  /** From the end of the last send until a list showed what it had made, in milliseconds: an upper bound. */
  listLagMs?: number;
  /** Whether this attempt left a request's outcome unknown that was not so before, or the other way round. */
  unknown?: 'opened' | 'closed';
}

export const newTally = (): Tally => ({ sends: 0, pingOneMs: 0, limited: 0, unauthorized: 0, tookOver: false });

/** Notes what an attempt did to a request that began with sends of unknown outcome, or without, and ended so. */
export const noteUnknown = (tally: Tally, before: boolean, after: boolean): void => {
  // Of an attempt that died nobody has heard yet.
  const heardOf = before && !tally.tookOver;
  if (after && !heardOf) tally.unknown = 'opened';
  if (!after && heardOf) tally.unknown = 'closed';
};

/** What there is to say of an attempt before it ends; who may not ask for anything has no request. */
export interface Attempted extends Pick<CreateRequest, 'endpoint' | 'parameters'> {
  readonly origin: Origin;
  readonly arrivalID: string;
  readonly caller?: string | undefined;
  readonly requestID?: string | undefined;
}

/**
 * Logs the one line that there is of an attempt: who asked for what by which right, and what became of it. Ids, codes
 * and times (`ms`) only, with names that the runbook, "Evidence", promises.
 */
export const reportAttempt = (
  log: Log,
  { endpoint, parameters, origin, caller, arrivalID, requestID }: Attempted,
  tally: Tally,
  ms: number,
  end: Outcome | Problem | 'accepted',
): void => {
  const asked = { ...origin, caller, endpoint: endpoint.name, parameters, request: requestID, arrival: arrivalID };
  log('info', { attempt: { ...asked, ...ended(end), ...tally, ownMs: ms - tally.pingOneMs, ms } });
};

const ended = (end: Outcome | Problem | 'accepted') => {
  if (end === 'accepted') return { outcome: end };
  if (!(end instanceof Problem)) {
    return { outcome: end.how, request: end.requestID, resource: end.id, correlationID: end.correlationID };
  }
  const { code, status, facts } = end;
  return { outcome: code === 'ACCESS_FAILED' ? 'denied' : 'failed', code, status, correlationID: facts.correlationID };
};
