import type { DeployParts } from '../deploy/attempt.ts';
import { deploy } from '../deploy/deploy.ts';
import { reportedDeployment } from '../deploy/deployment-line.ts';
import { type Service, serviceOf } from '../deploy/service.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { httpSender } from '../grants/authenticated.ts';
import { type Authorization, authorize } from '../grants/authorize.ts';
import type { Grants } from '../grants/document.ts';
import type { AccessRequest } from '../grants/first-failure.ts';
import { LedgerUnavailable } from '../ledger/table.ts';
import { correlationIDOf } from '../pingone/correlation-id.ts';
import { Problem } from '../problems.ts';
import type { Log } from '../runtime/logger.ts';
import type { HttpEvent } from './event.ts';
import { pathParametersIn } from './path-parameters.ts';
import { pingOneAnswer } from './read-answer.ts';
import { reportedRead } from './read-line.ts';
import { readPath, unreachable } from './read-path.ts';
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
    const parameters = pathParametersIn(endpoint.parameters, event.pathParameters);
    const service = serviceOf(endpoint, parameters);
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
        return read(door, service, end - answerBeforeMs);
      });
    }

    requireDeployment(event, service);
    const asDeployment = { door: 'http', ...line, caller: call.caller, ...call.right };
    const { state } = await reportedDeployment(door, asDeployment, async () => {
      if (call.denied) throw call.denied;
      const times = { sendBy: end - lookBeforeMs, deadline: end - answerBeforeMs };
      return deploy(door, service, times).catch(unrecorded);
    });
    return pingOneAnswer(state.text, state.correlationID);
  });

/** Checks the content type: PingOne's own, or JSON without a body. @throws Problem INVALID_REQUEST (415) */
const requireDeployment = ({ headers, body }: HttpEvent, { deployment: { contentType } }: Service): void => {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === contentType.toLowerCase() || (type === 'application/json' && !body)) return;
  const given = type === 'application/json' ? 'application/json with a body' : JSON.stringify(type.slice(0, 80));
  const message = `Content-Type must be ${contentType}, or application/json without a body; it is ${given}.`;
  throw new Problem('INVALID_REQUEST', message, { status: 415 });
};

/** Reads PingOne's state. @throws Problem PingOne's refusal, PINGONE_UNREACHABLE */
const read = async ({ pingOne, clock }: DeployDoor, { path }: Service, deadline: number) => {
  const answer = await readPath(path, (at) => pingOne.get(at, deadline), clock.now);
  if (answer.status !== 200) throw unreachable(`PingOne answered ${answer.status} without the state; retry later.`);
  return pingOneAnswer(answer.body.toString(), correlationIDOf(answer));
};

const unrecorded = (cause: unknown): never => {
  if (!(cause instanceof LedgerUnavailable)) throw cause;
  const message = 'The ledger could not be read or written; nothing was deployed. Retry later.';
  throw new Problem('LEDGER_UNAVAILABLE', message, { cause });
};
