import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { headerNames } from '../contract.ts';
import { httpSender } from '../grants/authenticated.ts';
import type { Accept } from '../intake/accept.ts';
import { correlationOf, traceOf } from '../intake/correlation.ts';
import { admit, type Intake } from '../intake/intake.ts';
import type { Outcome, Provision } from '../provision/request.ts';
import { basePathOf } from './base-path.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { jsonBody } from './json-body.ts';
import { forKeyless } from './keyless.ts';
import { prefersAsync } from './prefers-async.ts';
import { requestPipe } from './request-pipe.ts';
import { statusAnswer, statusOf } from './request-status.ts';
import { validate } from './validate.ts';

export interface HttpDoor extends Intake {
  readonly provision: Provision;
  readonly accept: Accept;
  readonly docsUrl: string;
  readonly unknownMembers: 'refuse' | 'forward';
  /** A token needs one of them, where there are any. */
  readonly tokenRoles: readonly string[];
}

/** Time reserved before Lambda stops the function, in milliseconds: calls to PingOne end, then the ledger is written. */
const answerBeforeMs = 2_000;

/**
 * The HTTP door of one endpoint. Answers an API Gateway HTTP API event (payload 2.0) with PingOne's 201, with 202 if the
 * caller prefers `respond-async`, or with a problem document.
 */
export const httpHandler = ({ provision, accept, docsUrl, unknownMembers, tokenRoles, ...intake }: HttpDoor) =>
  requestPipe(docsUrl, intake.log)
    .use(jsonBody())
    .use(validate(intake.endpoint, unknownMembers))
    .handler(async (event, context) => {
      const deadline = intake.now() + context.getRemainingTimeInMillis() - answerBeforeMs;
      const { headers, pathParameters: parameters, body, leftOut } = event;
      const arrivalID = context.awsRequestId;
      const request = await admit(intake, {
        parameters,
        body,
        arrivalID,
        correlation: correlationOf(headers, arrivalID),
        origin: { door: 'http', trace: traceOf(headers['x-amzn-trace-id']) },
        sender: httpSender(event, tokenRoles),
        key: idempotencyKeyOf(headers),
      });
      const warning = warningOf(leftOut);
      if (!prefersAsync(headers)) {
        const outcome = await provision(request, deadline).catch((error: unknown) => {
          throw request.keyless ? forKeyless(error) : error;
        });
        return createdAnswer(outcome, warning);
      }
      const item = await accept(request, deadline);
      const { requestID } = request;
      const location = `${basePathOf(event)}/v1/requests/${requestID}`;
      const headersOf202 = { location, 'preference-applied': 'respond-async', ...warning };
      return statusAnswer(202, statusOf(requestID, intake.endpoint, item, docsUrl), headersOf202);
    });

/** Names what was left out of the body. */
const warningOf = (leftOut: readonly string[]): Readonly<Record<string, string>> =>
  leftOut.length === 0 ? {} : { [headerNames.warning]: `read-only members were left out: ${leftOut.join(', ')}` };

const createdAnswer = (
  { requestID, how, text, correlationID }: Outcome,
  warning: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 201,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    [headerNames.outcome]: how,
    [headerNames.request]: requestID,
    ...(correlationID && { 'correlation-id': correlationID }),
    ...warning,
  },
  body: text,
});
