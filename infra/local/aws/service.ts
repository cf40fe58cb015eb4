import * as z from 'zod/mini';
import { decodeUtf8, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { json, type Reply } from '../loopback/reply.ts';

/** One AWS service on loopback. */
export interface AwsService {
  /** The part of `X-Amz-Target` before the dot. */
  readonly target: string;
  /** Called once, before the first answer. */
  start?(): Promise<void>;
  answer(operation: string, arrival: Arrival): Promise<Reply | 'reset'>;
  /** Ends what `start` began. */
  close?(): Promise<void>;
}

/** Thrown by an operation to answer with an AWS error. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: string;
  /** The error's name in AWS's older query protocol, where the service had one: SDKs use that name. */
  readonly queryCode: string | undefined;

  constructor(type: string, message: string, queryCode?: string) {
    super(message);
    this.type = type;
    this.queryCode = queryCode;
  }
}

/** One operation: takes the parsed JSON of a request, and the request itself. */
export type Operation = (input: unknown, arrival: Arrival) => unknown;

/** An operation that reads its input by a schema. `refuse` makes the error for an invalid input. */
export const operation =
  <Schema extends z.core.$ZodType>(
    schema: Schema,
    refuse: (issue: z.core.$ZodIssue | undefined) => AwsError,
    run: (input: z.output<Schema>, arrival: Arrival) => unknown,
  ): Operation =>
  (input, arrival) => {
    const result = z.safeParse(schema, input);
    if (!result.success) throw refuse(result.error.issues[0]);
    return run(result.data, arrival);
  };

/** Answers the operations of a service in AWS's JSON protocol. */
export const answerJson =
  (version: '1.0' | '1.1', operations: Readonly<Record<string, Operation>>): AwsService['answer'] =>
  async (name, arrival) => {
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (run === undefined) return unknownOperation(version);
    const input = parseJson(decodeUtf8(arrival.body));
    if (input === undefined) return awsJson(version, 400, { __type: 'SerializationException' });
    try {
      return awsJson(version, 200, await run(input, arrival));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { type, message, queryCode } = error;
      const headers: Reply['headers'] = queryCode === undefined ? {} : { 'x-amzn-query-error': `${queryCode};Sender` };
      return awsJson(version, 400, { __type: type, Message: message }, headers);
    }
  };

/** AWS's answer where the service or the operation does not exist. */
export const unknownOperation = (version: '1.0' | '1.1' = '1.1'): Reply =>
  awsJson(version, 400, { __type: 'UnknownOperationException' });

/** AWS's answer to unknown credentials. */
export const unrecognizedClient = (): Reply =>
  awsJson('1.1', 400, {
    __type: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  });

/** DynamoDB's answer to a throttled call, which has no effect. */
export const throttled = (): Reply =>
  awsJson('1.0', 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  });

const awsJson = (version: string, status: number, body: unknown, headers: Reply['headers'] = {}): Reply =>
  json(status, body, { 'content-type': `application/x-amz-json-${version}`, ...headers });
