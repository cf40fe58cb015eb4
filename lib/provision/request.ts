import type { Right } from '../grants/admit.ts';
import type { CreateRequest } from '../pingone/request.ts';
import type { Problem } from '../problems.ts';

/** Where a request came in, and by which right. */
export interface Origin extends Right {
  readonly door: 'http' | 'queue';
  /** Of X-Ray, where there is one. */
  readonly trace?: string | undefined;
  /** How often the message that brought it was received. SQS's own age of a queue leaves out what came three times. */
  readonly receives?: number;
  /** Time since that message was received first, in milliseconds. */
  readonly waitingMs?: number;
}

/** A checked and admitted request. */
export interface ProvisionRequest extends CreateRequest {
  /** The ledger's key of the request. */
  readonly requestID: string;
  /** Who asks; callers share no requests. */
  readonly caller: string;
  /** Id of the HTTP request, event or accepted request that brought it. */
  readonly arrivalID: string;
  /** Whether the same arrival may come again (a queue redelivers): then it gets the same outcome. */
  readonly redelivered?: boolean;
  /** Whether the caller gave no key of its own. */
  readonly keyless: boolean;
  /** The key that finds this request again, where the door knows it. */
  readonly key: string | undefined;
  readonly origin: Origin;
  /** Why nothing may be sent for it any more; what its earlier sends made is found out all the same. */
  readonly denied?: Problem | undefined;
}

export interface Outcome {
  /** The ledger's key of the request; another than was asked for where that joined an equal one. */
  readonly requestID: string;
  readonly how: 'created' | 'adopted' | 'replayed';
  readonly id: string;
  /** PingOne's own representation of the resource. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * Makes the resource that a request asks for, once, whatever fails; `deadline` is in milliseconds since the epoch, and
 * the answer leaves at most a second after it.
 * @throws Problem that says why there is no resource, or that it is not known yet whether there is
 */
export type Provision = (request: ProvisionRequest, deadline: number) => Promise<Outcome>;
