import { Problem } from '../errors.ts';
import type { Log } from '../logger.ts';
import type { Outcome, ProvisionRequest } from './provision.ts';

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
}

export const newTally = (): Tally => ({ sends: 0, pingOneMs: 0, limited: 0, unauthorized: 0, tookOver: false });

/** Logs the one line that there is of an attempt: who asked for what, and what became of it. Ids, codes and times only. */
export const reportAttempt = (
  log: Log,
  request: ProvisionRequest,
  tally: Tally,
  ms: number,
  end: Outcome | Problem,
): void => {
  const { endpoint, caller, parameters, arrivalID, correlation } = request;
  const ended =
    end instanceof Problem
      ? {
          outcome: 'failed',
          request: request.requestID,
          code: end.code,
          status: end.status,
          correlationID: end.facts.correlationID,
        }
      : { outcome: end.how, request: end.requestID, resource: end.id, correlationID: end.correlationID };
  const asked = {
    endpoint: endpoint.name,
    caller,
    parameters,
    arrival: arrivalID,
    transaction: correlation.transactionID,
  };
  log('info', { attempt: { ...asked, ...ended, ...tally, ms } });
};
