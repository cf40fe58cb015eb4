import type { GetItemInput, GetItemOutput, UpdateItemInput, UpdateItemOutput } from '@aws-sdk/client-dynamodb';
import { isClockSkewError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { type Clock, sleep } from '../runtime/clock.ts';
import { type Answer, AnswerLost, jsonOf, NotSent, type Send } from '../runtime/connection.ts';
import type { Target } from '../runtime/sockets.ts';
import { signWith } from './signature.ts';

/** DynamoDB's two operations of the ledger. Each call ends by its deadline, in milliseconds since the epoch. */
export interface DynamoDB {
  getItem(input: GetItemInput, deadline: number): Promise<GetItemOutput>;
  updateItem(input: UpdateItemInput, deadline: number): Promise<UpdateItemOutput>;
}

/**
 * Thrown when DynamoDB refuses a call or fails. `name` is AWS's type, such as `ConditionalCheckFailedException`. It is no
 * GatewayError, since its message is AWS's, which may quote the request.
 */
export class DynamoDBFailure extends Error {
  override readonly name: string;
  override readonly cause: undefined;
  /** Where the SDK's classification of errors finds the status. */
  readonly $metadata: { readonly httpStatusCode: number };
  /** AWS's time, in milliseconds since the epoch; NaN if it is absent. */
  readonly at: number;

  constructor({ status, headers, body }: Answer) {
    const { __type: type = 'UnknownError', message, Message = message } = Object(jsonOf(body));
    super(String(Message ?? `DynamoDB answered ${status}`));
    this.name = String(type).replace(/^.*#/, '');
    this.$metadata = { httpStatusCode: status };
    this.at = Date.parse(String(headers.date));
  }
}

export interface DynamoDBSettings {
  readonly region: string;
  readonly target: Target;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly send: Send;
  readonly clock: Clock;
  readonly random?: () => number;
}

/** As in AWS's SDK: tries per call, and the first wait of a backoff with full jitter, in milliseconds. */
const tries = 3;
const firstWaitMs = { throttled: 500, failed: 50 };

/** Time-out of one try, in milliseconds; DynamoDB answers within 10. */
const tryMs = 3_000;

/** AWS refuses a signature whose time differs by more than five minutes. */
const maximumSkewMs = 240_000;

/**
 * A client of DynamoDB for the ledger. The SDK's own takes three times the CPU time per call and 20 ms of a cold start;
 * the classification of errors is the SDK's.
 * @throws DynamoDBFailure; NotSent or AnswerLost after the last try. A failed write may still be applied.
 */
export const openDynamoDB = ({
  region,
  target,
  credentials,
  send,
  clock,
  random = Math.random,
}: DynamoDBSettings): DynamoDB => {
  const sign = signWith({ service: 'dynamodb', region, credentials });
  let skewMs = 0;

  /** Adopts AWS's time if it refused a signature because ours is too far from it. */
  const correctsClock = (error: unknown): boolean => {
    if (!(error instanceof DynamoDBFailure && isClockSkewError(error))) return false;
    const aheadMs = error.at - clock.now() - skewMs;
    if (!(Math.abs(aheadMs) > maximumSkewMs)) return false;
    skewMs += aheadMs;
    return true;
  };

  const tryOnce = async (operation: string, body: string, deadline: number): Promise<object> => {
    const unsigned = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const headers = await sign(target, unsigned, body, clock.now() + skewMs);
    const answer = await send({ method: 'POST', target, headers, body }, Math.min(tryMs, deadline - clock.now()));
    if (answer.status !== 200) throw new DynamoDBFailure(answer);
    return Object(jsonOf(answer.body));
  };

  const call = async (operation: string, input: object, deadline: number): Promise<object> => {
    const body = JSON.stringify(input);
    for (let nth = 1; ; nth++) {
      try {
        return await tryOnce(operation, body, deadline);
      } catch (error) {
        const waitMs = random() * firstWaitMs[isThrottled(error) ? 'throttled' : 'failed'] * 2 ** (nth - 1);
        const isRetryable = isTemporary(error) || correctsClock(error);
        if (nth === tries || !isRetryable || clock.now() + waitMs >= deadline) throw error;
        await sleep(clock, waitMs);
      }
    }
  };

  return {
    getItem: (input, deadline) => call('GetItem', input, deadline),
    updateItem: (input, deadline) => call('UpdateItem', input, deadline),
  };
};

const isThrottled = (error: unknown): boolean => error instanceof DynamoDBFailure && isThrottlingError(error);

const isTemporary = (error: unknown): boolean =>
  error instanceof NotSent ||
  error instanceof AnswerLost ||
  (error instanceof DynamoDBFailure && (isThrottlingError(error) || isTransientError(error)));
