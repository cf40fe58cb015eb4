import { hash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Grants } from '../grants/document.ts';
import type { HttpEvent } from '../http/event.ts';
import { textOf } from '../http/json-body.ts';
import { requestPipe } from '../http/request-pipe.ts';
import { statusAnswer, statusOf } from '../http/request-status.ts';
import type { Accept } from '../intake/accept.ts';
import { traceOf } from '../intake/correlation.ts';
import { admit } from '../intake/intake.ts';
import type { Log } from '../runtime/logger.ts';
import { authenticated, type Verifier } from './authenticate.ts';
import { requestIn } from './payload.ts';
import { Refused } from './refused.ts';
import type { SignedMessage } from './signed-message.ts';

export interface WebhookDoor {
  /** By name; there is at least one. */
  readonly sources: ReadonlyMap<string, Verifier>;
  readonly endpoints: readonly Endpoint[];
  /** Of an endpoint's requests. */
  readonly accept: (endpoint: Endpoint) => Accept;
  readonly grants: Grants;
  readonly unknownMembers: 'refuse' | 'forward';
  readonly docsUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Time reserved for the answer before Lambda stops the function, in milliseconds. */
const answerBeforeMs = 1_000;

/** The end of the year 9999, in seconds since the epoch. */
const never = 253_402_300_799;

/**
 * The door for signed webhooks. Answers 202 and queues the request; a wrong source, signature or time gets a 401 that does
 * not say which. Identifies a request by signed parts only.
 */
export const webhookHandler = (door: WebhookDoor) =>
  requestPipe(door.docsUrl, door.log).handler(async (event, context) => {
    const { sources, grants, now, docsUrl, unknownMembers } = door;
    const deadline = now() + context.getRemainingTimeInMillis() - answerBeforeMs;
    const name = sourceNameOf(event);
    const body = Buffer.from(
      typeof event.body === 'string' ? event.body : '',
      event.isBase64Encoded ? 'base64' : 'utf8',
    );
    // The name of an unknown source is answered as late as a wrong signature, and like it while no secret can be read.
    const source = sources.get(name) ?? [...sources.values()][0];
    if (!source) return unauthorized;
    let message: SignedMessage;
    try {
      message = await authenticated(source, { headers: event.headers, body }, now());
    } catch (error) {
      if (!(error instanceof Refused)) return unavailable;
      return refuse(door, name, error.reason);
    }
    if (!sources.has(name)) return refuse(door, name, 'unknown-source');

    const {
      endpoint,
      parameters,
      body: asked,
      idempotencyKey,
    } = requestIn(textOf(event), door.endpoints, unknownMembers);
    const arrivalID = `${name}/${message.id ?? `sha256-${hash('sha256', body)}`}`;
    const request = await admit(
      { endpoint, grants, log: door.log, now },
      {
        parameters,
        body: asked,
        arrivalID,
        correlation: { transactionID: arrivalID },
        origin: { door: 'webhook', trace: traceOf(event.headers['x-amzn-trace-id']) },
        sender: { webhook: name },
        key: idempotencyKey ?? `webhook:${arrivalID}`,
        // A denial is recorded, so that it is the answer to each repetition.
        redelivery: { mayHaveBeenSent: async () => true },
      },
    );
    const item = await door.accept(endpoint)(request, deadline, message.isTimed ? undefined : never);
    const { requestID } = request;
    return statusAnswer(202, statusOf(requestID, endpoint, item, docsUrl), { location: `/v1/requests/${requestID}` });
  });

/** From the route, which is literal for each source. */
const sourceNameOf = ({ routeKey }: HttpEvent): string => routeKey.slice(routeKey.lastIndexOf('/') + 1);

const refuse = ({ sources, log }: WebhookDoor, name: string, reason: string): APIGatewayProxyStructuredResultV2 => {
  log('info', {
    webhook: sources.has(name) ? { source: name, refused: reason } : { source: 'unknown', refused: 'unknown-source' },
  });
  return unauthorized;
};

const unauthorized = { statusCode: 401, headers: { 'cache-control': 'no-store' }, body: '' } as const;

/** Secrets Manager does not answer: the sender should try again. */
const unavailable = {
  statusCode: 503,
  headers: { 'cache-control': 'no-store', 'retry-after': '30' },
  body: '',
} as const;
