import * as z from 'zod/mini';
import type { Deployment, Endpoint } from '../../lib/endpoints/endpoint.ts';
import { environmentPath, fillPath, parameterNames } from '../../lib/endpoints/path.ts';
import { type AccessToken, cachedAccessToken } from '../../lib/pingone/access-token.ts';
import type { Credentials } from '../../lib/pingone/credentials.ts';
import { stateIn } from '../../lib/pingone/deployment.ts';
import { ListIncomplete, listPages } from '../../lib/pingone/list.ts';
import { pingOneErrorIn } from '../../lib/pingone/pingone-error.ts';
import { readCall } from '../../lib/pingone/request.ts';
import { Problem } from '../../lib/problems.ts';
import type { Answer, Send } from '../../lib/runtime/connection.ts';

interface CheckOptions {
  readonly endpoints: readonly Endpoint[];
  /** By the names in the endpoints' paths; a list whose parameters are not given is not requested. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Path parameter -> the flag that gives it. */
  readonly flags: ReadonlyMap<string, string>;
  readonly credentials: Credentials;
  readonly send: Send;
  readonly now: () => number;
}

/** The result of one check of a worker application. */
export interface Finding {
  /** `skipped` if a parameter of its path was not given, or if only some callers need it. */
  readonly result: 'ok' | 'MISSING' | 'skipped';
  readonly subject: string;
  readonly message: string;
}

const timeoutMs = 10_000;

/**
 * PingOne's permission to read an environment: `x-permission` of `getEnvironmentById` in the OpenAPI document of
 * pingidentity/pingone-go-client.
 */
const environmentPermission = 'orgmgt:read:environment';

/** Asks for a token, for the list of each endpoint's collection and the state of its deployment, then for the environment. */
export async function* findings(options: CheckOptions): AsyncGenerator<Finding> {
  const { endpoints, credentials, send, now } = options;
  const loaded = { get: async () => credentials, drop: () => {} };
  const token = await cachedAccessToken(loaded, send, now, timeoutMs, () => {})
    .get()
    .catch((error: unknown) => error);
  if (!isToken(token)) {
    yield of('token')('MISSING', noToken(token, credentials));
    return;
  }
  yield of('token')('ok', `${credentials.tokenUrl} gives one to ${credentials.clientID}`);
  for (const endpoint of endpoints) {
    const list = await checkList(options, endpoint, token);
    yield list;
    if (endpoint.deployment && list.result === 'ok')
      yield checkDeployment(options, endpoint, endpoint.deployment, token);
  }
  yield checkEnvironment(options, token);
}

/** Makes findings about a subject. */
const of =
  (subject: string) =>
  (result: Finding['result'], message: string): Finding => ({ result, subject, message });

const isToken = (value: unknown): value is AccessToken => typeof value === 'object' && value !== null && 'api' in value;

const noToken = (error: unknown, { tokenUrl, method }: Credentials): string => {
  if (!(error instanceof Problem)) throw error;
  return error.code === 'PINGONE_ACCESS_FAILED'
    ? `${error.message} clientId, clientSecret, environmentID or tokenUrl is wrong, the application is disabled, or it does not authenticate by ${method}`
    : `${error.message} Is ${tokenUrl} of the right region, or the right tokenUrl?`;
};

const checkList = async (options: CheckOptions, endpoint: Endpoint, token: AccessToken): Promise<Finding> => {
  const { parameters, flags, credentials, send } = options;
  const names = parameterNames(endpoint.path);
  const found = of(`list of ${endpoint.name}`);
  const absent = names.filter((name) => parameters[name] === undefined).map((name) => `--${flags.get(name)}`);
  if (absent.length > 0) return found('skipped', `needs ${absent.join(' and ')}`);
  const [violation] = z.safeParse(endpoint.parameters, parametersOf(parameters, names)).error?.issues ?? [];
  if (violation) return found('MISSING', `--${flags.get(String(violation.path[0]))} must be a UUID`);
  const path = fillPath(endpoint.path, parametersOf(parameters, names));
  const get = (at: string) => send(readCall(at, token), timeoutMs);
  try {
    const answer = await get(path);
    if (answer.status !== 200) return found('MISSING', refused(answer, endpoint, path));
    const { length } = await listPages(path, async (at) => (at === path ? answer : get(at)), Date.now);
    const { create } = endpoint.needs.permissions;
    return found('ok', `${length} there; the create needs ${create} too, which this does not test`);
  } catch (cause) {
    if (cause instanceof ListIncomplete) return found('MISSING', cause.message);
    const why = cause instanceof Error ? cause.message : 'unknown';
    return found('MISSING', `${credentials.apiBase} can't be reached (${why})`);
  }
};

/** Reads the state of a deployment; deploying itself would publish what others have changed. */
const checkDeployment = async (
  { parameters, send, credentials }: CheckOptions,
  endpoint: Endpoint,
  { path: template, permissions, subject: target }: Deployment,
  token: AccessToken,
): Promise<Finding> => {
  const path = fillPath(template, parametersOf(parameters, parameterNames(template)));
  const found = of(`deployment for ${endpoint.name}`);
  try {
    const answer = await send(readCall(path, token), timeoutMs);
    const { deploy, read } = permissions;
    const message = `the ${target} is ${stateIn(answer)?.code}; to deploy it needs ${deploy} too, which this does not test`;
    if (stateIn(answer)) return found('ok', message);
    const code = pingOneErrorIn(answer).upstream?.code ?? '';
    // Only grants with `deploy` need it.
    const needed = `where grants say deploy, the worker application needs ${read} and ${deploy}`;
    return found('skipped', `${answer.status} ${code}: ${needed}`);
  } catch {
    return found('MISSING', `${credentials.apiBase} can't be reached`);
  }
};

/** Optional: without it only clients that ask for the environment, and creates in a new one, are worse off. */
const checkEnvironment = async (options: CheckOptions, token: AccessToken): Promise<Finding> => {
  const { parameters, flags, send } = options;
  const found = of('environment');
  const { environmentID } = parameters;
  if (environmentID === undefined) return found('skipped', `needs --${flags.get('environmentID')}`);
  const answer = await send(readCall(fillPath(environmentPath, { environmentID }), token), timeoutMs).catch(
    () => undefined,
  );
  if (answer?.status === 200) return found('ok', `${environmentPermission} is granted`);
  const effect = 'for this environment, GET of it works, and a 403 or 404 of a new environment is retried';
  const status = answer ? ` (${answer.status})` : '';
  return found('skipped', `not readable${status}: with ${environmentPermission}, ${effect}`);
};

const parametersOf = (parameters: CheckOptions['parameters'], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, parameters[name] ?? '']));

const refused = (answer: Answer, { needs }: Endpoint, path: string): string => {
  const { status } = answer;
  const { permissions, role, service } = needs;
  const has = role === undefined ? 'a role with' : `the role ${role}, or another with`;
  const rights = `${has} ${permissions.list} and ${permissions.create}, for this environment`;
  const code = pingOneErrorIn(answer).upstream?.code ?? '';
  if (status === 403 || status === 401)
    return `${status} ${code}: give the worker application ${rights}; and the environment needs the service ${service}`;
  return status === 404 ? `404 ${code}: PingOne does not have ${path}` : `PingOne answered ${status} ${code}`;
};
