import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type DeployParts, deploy } from '../deploy/deploy.ts';
import { reportedDeployment } from '../deploy/deployment-line.ts';
import { type Service, serviceOf } from '../deploy/service.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { httpSender } from '../grants/authenticated.ts';
import { type Authorization, authorize } from '../grants/authorize.ts';
import type { Grants } from '../grants/document.ts';
import type { AccessRequest } from '../grants/first-failure.ts';
import { LedgerUnavailable } from '../ledger/table.ts';
import { refusedRead } from '../pingone/refused-read.ts';
import { Problem } from '../problems.ts';
import type { Answer } from '../runtime/connection.ts';
import type { Log } from '../runtime/logger.ts';
import { checked } from '../validation/violations.ts';
import type { HttpEvent } from './event.ts';
import { reportedRead } from './read-line.ts';
import { requestPipe } from './request-pipe.ts';

export interface DeployDoor extends DeployParts {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  /** A token needs one of them, where there are any. */
  readonly tokenRoles: readonly string[];
  readonly docsUrl: string;
  readonly log: Log;
}

/** Times reserved before Lambda stops the function, in milliseconds: for a look at the state, and for the answer. */
const lookBeforeMs = 8_000;
const answerBeforeMs = 2_000;

/** Answers `POST` and `GET` of an endpoint's deployment with PingOne's own body. */
export const deployHandler = (door: DeployDoor) =>
  requestPipe(door.docsUrl, door.log).handler(async (event, context) => {
    const { endpoint, grants, tokenRoles, clock } = door;
    const end = clock.now() + context.getRemainingTimeInMillis();
    const { data: parameters, violations } = checked(endpoint.parameters, event.pathParameters);
    const service = parameters && serviceOf(endpoint, parameters);
    if (!service) {
      const inPath = violations.map(({ pointer: _, ...violation }) => violation);
      throw new Problem('INVALID_DATA', 'The path has invalid values.', { violations: inPath });
    }
    const mayDo = (kind: Pick<AccessRequest, 'action' | 'deploy'>): Authorization =>
      authorize(grants, httpSender(event, tokenRoles), { endpoint, parameters, ...kind }, clock.now());
    const line = { endpoint: endpoint.name, parameters, arrival: context.awsRequestId };
    const call = mayDo({ deploy: 'call' });

    if (event.requestContext.http.method === 'GET') {
      const reading = mayDo({ action: 'read' });
      const { right, denied } = call.denied ? reading : call;
      const asRead = { ...line, resource: 'deployment', ...right };
      return reportedRead({ log: door.log, now: clock.now }, asRead, async () => {
        if (denied) throw denied;
        return stateAnswer(await read(door, service, end - answerBeforeMs));
      });
    }

    requireDeployment(event, service);
    const asDeployment = { door: 'http', ...line, caller: call.caller, ...call.right };
    const { state } = await reportedDeployment(door, asDeployment, async () => {
      if (call.denied) throw call.denied;
      const times = { sendBy: end - lookBeforeMs, deadline: end - answerBeforeMs };
      return deploy(door, service, times).catch(unrecorded);
    });
    return stateAnswer(state);
  });

/** Checks the content type: PingOne's own, or JSON without a body. @throws Problem INVALID_REQUEST (415) */
const requireDeployment = ({ headers, body }: HttpEvent, { deployment: { contentType } }: Service): void => {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === contentType.toLowerCase() || (type === 'application/json' && (body ?? '') === '')) return;
  const given =
    type === 'application/json' ? 'application/json with a body' : JSON.stringify((type ?? '').slice(0, 80));
  const message = `Content-Type must be ${contentType}, or application/json without a body; it is ${given}.`;
  throw new Problem('INVALID_REQUEST', message, { status: 415 });
};

/** Reads PingOne's state. @throws Problem PingOne's refusal, PINGONE_UNREACHABLE */
const read = async ({ pingOne, clock }: DeployDoor, { path }: Service, deadline: number) => {
  const answer = await pingOne.get(path, deadline).catch((cause: unknown): Answer => {
    throw cause instanceof Problem ? cause : unreachable('PingOne did not answer; retry later.', cause);
  });
  const refused = refusedRead(answer, clock.now());
  if (refused) throw refused;
  if (answer.status !== 200) throw unreachable(`PingOne answered ${answer.status} without the state; retry later.`);
  const { 'correlation-id': correlationID } = answer.headers;
  return { text: answer.body.toString(), correlationID: correlationID?.toString() };
};

const unreachable = (message: string, cause?: unknown) => new Problem('PINGONE_UNREACHABLE', message, { cause });

const unrecorded = (cause: unknown): never => {
  if (!(cause instanceof LedgerUnavailable)) throw cause;
  const message = 'The ledger could not be read or written; nothing was deployed. Retry later.';
  throw new Problem('LEDGER_UNAVAILABLE', message, { cause });
};

const stateAnswer = ({
  text,
  correlationID,
}: {
  readonly text: string;
  readonly correlationID: string | undefined;
}): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(correlationID !== undefined && { 'correlation-id': correlationID }),
  },
  body: text,
});
