import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Sender } from '../grants/authenticated.ts';
import { type Authorization, authorize, authorizeCaller, type Right } from '../grants/authorize.ts';
import type { Deploys, Grants } from '../grants/document.ts';
import type { CreateRequest } from '../pingone/request.ts';
import { newTally, reportAttempt } from '../provision/attempt-line.ts';
import { identified } from '../provision/identity.ts';
import type { Origin, ProvisionRequest } from '../provision/request.ts';
import type { Log } from '../runtime/logger.ts';

/** The dependencies of an endpoint's intake. */
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
export const admit = async (intake: Intake, request: NewRequest): Promise<ProvisionRequest> => {
  const { endpoint, grants, log, now } = intake;
  const { parameters, body, arrivalID, sender, key, redelivery } = request;
  const begun = now();
  const decided: Decide = (deploy) => authorize(grants, sender, { endpoint, parameters, body, deploy }, begun);
  const authorization = decided();
  const checked = checkedRequest(intake, request, authorization, decided);
  const { caller, denied } = authorization;
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
export const readmit = (intake: Intake, request: RecordedRequest): ProvisionRequest => {
  const { endpoint, grants, now } = intake;
  const { parameters, body, requestID, caller, key } = request;
  const at = now();
  const decided: Decide = (deploy) => authorizeCaller(grants, caller, { endpoint, parameters, body, deploy }, at);
  return {
    ...checkedRequest(intake, request, decided(), decided),
    requestID,
    caller,
    key,
    keyless: false,
    redelivered: true,
  };
};

/** Decides on a request, or on the deployment after it. */
type Decide = (deploy?: Deploys) => Authorization;

const checkedRequest = (
  { endpoint }: Intake,
  { parameters, body, arrivalID, correlation, origin }: ReadRequest,
  { right, denied }: Authorization,
  decided: Decide,
) => ({
  endpoint,
  parameters,
  body,
  arrivalID,
  correlation,
  origin: { ...origin, ...right },
  denied,
  deploysAfter: endpoint.deployment && !denied && !decided('after').denied,
});
