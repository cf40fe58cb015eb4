import type { Right } from '../grants/authorize.ts';
import type { CreateRequest } from '../pingone/request.ts';
import type { Problem } from '../problems.ts';

/** The door of a request, and its right. */
export interface Origin extends Right {
  readonly door: 'http' | 'queue' | 'webhook';
  /** X-Ray trace id, if there is one. */
  readonly trace?: string | undefined;
  /** How often its message was received. SQS's own age of a queue leaves out messages received three times. */
  readonly receives?: number;
  /** Time since the first receipt of its message, in milliseconds. */
  readonly waitingMs?: number;
}

/** A checked and admitted request. */
export interface ProvisionRequest extends CreateRequest {
  /** The ledger's key of the request. */
  readonly requestID: string;
  /** The caller's name; callers share no requests. */
  readonly caller: string;
  /** Id of its HTTP request, event or accepted request. */
  readonly arrivalID: string;
  /** Whether the arrival may be redelivered by a queue, and must then get the same outcome. */
  readonly redelivered?: boolean;
  /** Whether the caller gave no key of its own. */
  readonly keyless: boolean;
  /** The key that finds this request again, if the door knows it. */
  readonly key: string | undefined;
  readonly origin: Origin;
  /** Whether the caller's grant has the resource deployed after its create. */
  readonly deploysAfter?: boolean | undefined;
  /** The denial, which forbids further sends; earlier sends are still resolved. */
  readonly denied?: Problem | undefined;
}

export interface Outcome {
  /** The ledger's key of the request; of the other request if this one joined an equal one. */
  readonly requestID: string;
  readonly how: 'created' | 'adopted' | 'replayed';
  readonly id: string;
  /** PingOne's own representation of the resource. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * Creates the resource of a request once, whatever fails; `deadline` is in milliseconds since the epoch, and the answer
 * leaves at most a second after it.
 * @throws Problem why there is no resource, or OUTCOME_UNKNOWN
 */
export type Provision = (request: ProvisionRequest, deadline: number) => Promise<Outcome>;
