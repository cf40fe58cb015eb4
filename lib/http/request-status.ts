import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { serviceOf } from '../deploy/service.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';
import { httpSender } from '../grants/authenticated.ts';
import { callerOf } from '../grants/decide.ts';
import type { Grants } from '../grants/document.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PendingDeployments } from '../ledger/pending-deployments.ts';
import { isProblemCode, Problem, problems } from '../problems.ts';
import { isRequestID } from '../provision/identity.ts';
import type { Log } from '../runtime/logger.ts';
import { requestPipe } from './request-pipe.ts';

export interface RequestStatusDoor {
  readonly endpoints: readonly Endpoint[];
  /** An endpoint's ledger; its calls end by the deadline. */
  readonly ledger: (endpoint: Endpoint, deadline: number) => Pick<Ledger, 'read'>;
  /** The pending deployments of its services. */
  readonly pendingDeployments: (endpoint: Endpoint, deadline: number) => Pick<PendingDeployments, 'read'>;
  readonly grants: Grants;
  /** A token needs one of them, where there are any. */
  readonly tokenRoles: readonly string[];
  readonly docsUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Time reserved for the answer before Lambda stops the function, in milliseconds. */
const answerBeforeMs = 1_000;

/** Answers `GET /v1/requests/{id}`: the request's own caller gets its status, other callers get 404. */
export const requestStatusHandler = ({
  endpoints,
  ledger,
  pendingDeployments,
  grants,
  tokenRoles,
  docsUrl,
  log,
  now,
}: RequestStatusDoor) =>
  requestPipe(docsUrl, log).handler(async (event, context) => {
    const deadline = now() + context.getRemainingTimeInMillis() - answerBeforeMs;
    const id = event.pathParameters?.id ?? '';
    if (!isRequestID(id)) throw notFound(id);
    const caller = callerOf(grants, httpSender(event, tokenRoles));
    const reads = endpoints.map(async (endpoint) => ({ endpoint, item: await ledger(endpoint, deadline).read(id) }));
    const found = await Promise.all(reads).catch(unread);
    for (const { endpoint, item } of found) {
      if (caller && item?.caller === caller.name && !isExpired(item, now())) {
        const deployed = await deploymentOf(endpoint, item, now(), (path) =>
          pendingDeployments(endpoint, deadline).read(path),
        );
        return statusAnswer(200, { ...statusOf(id, endpoint, item, docsUrl), ...deployed });
      }
    }
    throw notFound(id);
  });

/** How far the deployment of a created resource is; nothing if it waits for none. */
const deploymentOf = async (
  endpoint: Endpoint,
  { state, deploymentNumber, parameters }: RequestItem,
  now: number,
  read: PendingDeployments['read'],
) => {
  if (state !== 'created' || deploymentNumber === undefined) return {};
  const item = await read(serviceOf(endpoint, parameters).path).catch(unread);
  if (item.deployed >= deploymentNumber)
    return { deployment: 'deployed', deployedAt: new Date(item.deployedAt ?? 0).toISOString() };
  const isDeploying = (item.lease ?? 0) > now || item.openBy !== undefined;
  if (isDeploying) return { deployment: 'deploying' };
  return { deployment: item.failures > 0 ? 'failed' : 'wanted' };
};

const unread = (cause: unknown): never => {
  throw new Problem('LEDGER_UNAVAILABLE', 'The ledger could not be read; try again.', { cause });
};

const notFound = (id: string) =>
  new Problem('NOT_FOUND', `You have no request ${JSON.stringify(id.slice(0, 80))}; check the id.`);

/** The HTTP answer with a request's status. */
export const statusAnswer = (
  statusCode: number,
  status: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(status),
});

/** The part of a request's item that its caller may see; times in ISO 8601. */
export const statusOf = (id: string, endpoint: Endpoint, item: RequestItem, docsUrl: string) => {
  const { state, parameters, createdAt, updatedAt, key, resource } = item;
  return {
    id,
    endpoint: endpoint.name,
    state,
    parameters,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    ...(key !== undefined && { idempotencyKey: key }),
    ...(resource !== undefined && {
      resource: { id: resource, path: `${fillPath(endpoint.path, parameters)}/${encodeURIComponent(resource)}` },
    }),
    ...(state === 'rejected' && { problem: problemIn(item, docsUrl) }),
  };
};

const problemIn = ({ problem = '', status, codes = [] }: RequestItem, docsUrl: string) => {
  const code = isProblemCode(problem) ? problem : 'PINGONE_REFUSED';
  return { type: `${docsUrl}#${code}`, title: problems[code].title, status, code: codes[0] ?? code, codes };
};

/** DynamoDB may take days to delete an expired item. */
const isExpired = ({ expires }: RequestItem, now: number) => expires !== undefined && expires * 1000 < now;
