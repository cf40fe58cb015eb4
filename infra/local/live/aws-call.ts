import type { AwsRequest } from '../aws/aws.ts';
import { decodeUtf8, parseJson } from '../loopback/json.ts';
import type { Reply } from '../loopback/reply.ts';

/** A call of an AWS service that is over. */
export interface AwsCall extends AwsRequest {
  readonly ok: boolean;
  /** Its parsed JSON. */
  readonly output: unknown;
  /** The invocation that made it. */
  readonly invocation: string | undefined;
}

export const awsCall = (request: AwsRequest, reply: Reply | 'reset', invocation: string | undefined): AwsCall => {
  if (reply === 'reset') return { ...request, ok: false, output: undefined, invocation };
  const text = typeof reply.body === 'string' ? reply.body : reply.body && decodeUtf8(reply.body);
  return { ...request, ok: reply.status === 200, output: parseJson(text), invocation };
};
