import type { AwsCall } from '../../../infra/local/live/aws-call.ts';

/** A call of an AWS service that worked, unless it says otherwise. */
export const callOf = (service: string, operation: string, input: unknown, rest: Partial<AwsCall> = {}): AwsCall => ({
  service,
  operation,
  input,
  ok: true,
  output: {},
  invocation: undefined,
  ...rest,
});

/** A create that came to the front. */
export const create = {
  method: 'POST',
  path: '/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/connectorInstances',
  headers: { authorization: 'Bearer the-token', 'idempotency-key': 'the-key' },
};
