import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { identified } from '../../lib/provision/identity.ts';
import type { ProvisionRequest } from '../../lib/provision/request.ts';

export interface HttpRequest {
  readonly parameters?: ProvisionRequest['parameters'];
  readonly body?: ProvisionRequest['body'];
  readonly caller?: string;
  /** The caller's own idempotency key. */
  readonly key?: string | undefined;
  readonly arrivalID: string;
}

/** A checked and admitted request of the HTTP door; parameters and body are the example's by default. */
export const httpRequest = (
  endpoint: Endpoint,
  {
    parameters = endpoint.example.parameters,
    body = endpoint.example.body,
    caller = 'alice',
    key,
    arrivalID,
  }: HttpRequest,
): ProvisionRequest => ({
  endpoint,
  parameters,
  body,
  origin: { door: 'http' },
  correlation: { transactionID: arrivalID },
  ...identified(caller, endpoint, parameters, key, arrivalID),
});
