import { decodeUtf8, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { json, type Reply } from '../loopback/reply.ts';

/** One AWS service on loopback. */
export interface AwsService {
  /** What stands before the dot in `X-Amz-Target`. */
  readonly target: string;
  /** Called once, before the first answer. */
  start?(): Promise<void>;
  answer(operation: string, arrival: Arrival): Promise<Reply | 'reset'>;
  /** Ends what was started. */
  close?(): Promise<void>;
}

/** Thrown by an operation to answer with an AWS error. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: string;
  /** What the error was called in AWS's query protocol, where the service once spoke it: SDKs go by that name. */
  readonly queryCode: string | undefined;

  constructor(type: string, message: string, queryCode?: string) {
    super(message);
    this.type = type;
    this.queryCode = queryCode;
  }
}

/** One operation: its parsed input, and the request that brought it. */
export type Operation = (input: unknown, arrival: Arrival) => unknown;

/** Answers the operations of a service in AWS's JSON protocol: input and output are the documented members. */
export const answerJson =
  (version: '1.0' | '1.1', operations: ReadonlyMap<string, Operation>): AwsService['answer'] =>
  async (operation, arrival) => {
    const run = operations.get(operation);
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

/** What AWS answers where service or operation don't exist. */
export const unknownOperation = (version: '1.0' | '1.1' = '1.1'): Reply =>
  awsJson(version, 400, { __type: 'UnknownOperationException' });

/** What AWS answers to credentials that it doesn't know. */
export const unrecognizedClient = (version: '1.0' | '1.1' = '1.1'): Reply =>
  awsJson(version, 400, {
    __type: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  });

/** How DynamoDB limits a rate; nothing was done then. */
export const throttled = (): Reply =>
  awsJson('1.0', 400, {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  });

const awsJson = (version: string, status: number, body: unknown, headers: Reply['headers'] = {}): Reply =>
  json(status, body, { 'content-type': `application/x-amz-json-${version}`, ...headers });
