import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Admission, admit, admitCaller, type Right } from '../grants/admit.ts';
import type { Sender } from '../grants/authenticated.ts';
import type { Grants } from '../grants/document.ts';
import type { CreateRequest } from '../pingone/request.ts';
import { newTally, reportAttempt } from '../provision/attempt-line.ts';
import { identified } from '../provision/identity.ts';
import type { Origin, ProvisionRequest } from '../provision/request.ts';
import type { Log } from '../runtime/logger.ts';

/** What admitting the requests of one endpoint needs. */
export interface Intake {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  readonly log: Log;
  readonly now: () => number;
}

/** A request whose parameters and body have passed the endpoint's schemas. */
interface ReadRequest extends Omit<CreateRequest, 'endpoint'> {
  /** Id of the HTTP request, event or accepted request. */
  readonly arrivalID: string;
  readonly origin: Omit<Origin, keyof Right>;
}

export interface NewRequest extends ReadRequest {
  readonly sender: Sender;
  /** The sender's own idempotency key. */
  readonly key: string | undefined;
  /** Set for a door that redelivers: each redelivery must find its own request, so it joins no other. */
  readonly redelivery?: {
    /** Whether an earlier delivery may have sent the create: then its outcome is resolved even without a grant. */
    readonly mayHaveBeenSent: (requestID: string) => Promise<boolean>;
  };
}

/**
 * Admits a new request: finds its caller, checks the grants, gives it its id.
 * @throws Problem ACCESS_FAILED (403), after logging the denial
 */
export const admitted = async (intake: Intake, request: NewRequest): Promise<ProvisionRequest> => {
  const { endpoint, grants, log, now } = intake;
  const { parameters, body, arrivalID, sender, key, redelivery } = request;
  const begun = now();
  const admission = admit(grants, sender, { endpoint, parameters, body }, begun);
  const checked = checkedRequest(intake, request, admission);
  const { caller, denied } = admission;
  if (caller !== undefined) {
    const identity = identified(caller, endpoint, parameters, key, arrivalID);
    if (!denied || (await redelivery?.mayHaveBeenSent(identity.requestID))) {
      return { ...checked, ...identity, ...(redelivery && { keyless: false, redelivered: true }) };
    }
  }
  if (denied) reportAttempt(log, { ...checked, caller }, newTally(), now() - begun, denied);
  throw denied;
};

/** A request whose caller and id come from the ledger. */
export interface RecordedRequest extends ReadRequest {
  readonly requestID: string;
  readonly caller: string;
  readonly key: string | undefined;
}

/** Admits an accepted request again: its grant may have been revoked since. */
export const readmitted = (intake: Intake, request: RecordedRequest): ProvisionRequest => {
  const { endpoint, grants, now } = intake;
  const { parameters, body, requestID, caller, key } = request;
  const admission = admitCaller(grants, caller, { endpoint, parameters, body }, now());
  return { ...checkedRequest(intake, request, admission), requestID, caller, key, keyless: false, redelivered: true };
};

const checkedRequest = (
  { endpoint }: Intake,
  { parameters, body, arrivalID, correlation, origin }: ReadRequest,
  { right, denied }: Admission,
) => ({ endpoint, parameters, body, arrivalID, correlation, origin: { ...origin, ...right }, denied });
