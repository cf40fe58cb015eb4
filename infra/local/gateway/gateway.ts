import type { HttpEnvironment, QueueEnvironment } from '../../../lib/config.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../../lib/grants/document.ts';
import { parseSecret } from '../../../lib/pingone/credentials.ts';
import { bundleOf, bundleOnce, type FunctionName } from '../../bundle/bundle.ts';
import { webhookPath } from '../../documents/routes.ts';
import { type AnsweredRequest, createApiGateway } from '../api-gateway/api-gateway.ts';
import { alwaysAs, createAuthorizer } from '../api-gateway/authorizer.ts';
import { iamBasePath } from '../api-gateway/base-path.ts';
import { withCors } from '../api-gateway/cors.ts';
import { createIamAuthorizer, newSession } from '../api-gateway/iam-authorizer.ts';
import { createIssuer } from '../api-gateway/issuer.ts';
import { routesOf, scope, webhookRoutes, withBasePath } from '../api-gateway/routes.ts';
import { startAws } from '../aws/aws.ts';
import type { BusEvent } from '../aws/event-bridge/event.ts';
import { errorsGuide } from '../guides/guides.ts';
import { secretName } from '../lambda/environment.ts';
import type { OnLog } from '../lambda/instance.ts';
import { startFunctions } from '../lambda/lambda.ts';
import { createLive, type OnBus } from '../live/live.ts';
import { listen } from '../loopback/loopback.ts';
import { type FaultProfile, parseFaultProfile } from '../sandbox/fault-profile.ts';
import { createFaultSwitch } from '../sandbox/fault-switch.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { webPages } from '../web/web.ts';
import { createEndpointQueues, eventBusName, outcomePattern } from './endpoint-queues.ts';
import { localClient, localGrants } from './local-grants.ts';
import { localWebhook, newWebhookSecret } from './local-webhook.ts';
import { writeGrantsFile } from './packed-grants-file.ts';

/** In seconds: a day's work with one printed command. */
const printedTokenLifetime = 12 * 3600;

export interface GatewayOptions {
  /** 3000 by default; 0 is any free port. */
  readonly port?: number;
  /** 3001 by default; 0 is any free port. */
  readonly awsPort?: number;
  /** `jwt` by default. */
  readonly auth?: 'jwt' | 'none';
  /** A real worker application in place of the sandbox: the JSON of its secret, and its file for messages. */
  readonly secret?: { readonly json: string; readonly source: string } | undefined;
  /** By default the local caller may create everything. */
  readonly grants?: GrantsDocument | undefined;
  /** More settings of the functions. */
  readonly environment?: Partial<HttpEnvironment & QueueEnvironment>;
  readonly sandbox?: Omit<SandboxOptions, 'endpoints' | 'port'>;
  /** Faults of the sandbox from the start, where its options choose none. */
  readonly faults?: FaultProfile | undefined;
  /** A token needs one of these roles in place of the scope; tokens of the local issuer have all. */
  readonly roles?: readonly string[];
  /** Origins whose pages may call the API; none by default. */
  readonly cors?: readonly string[];
  readonly onRequest?: (request: AnsweredRequest) => void;
  /** Called with each outcome on the bus. */
  readonly onOutcome?: (event: BusEvent) => void;
  readonly onBus?: OnBus;
  readonly onLog?: OnLog;
  /** Builds a function and returns its path; by default from source, as for the deployment. */
  readonly build?: (name: FunctionName) => Promise<string>;
}

/**
 * Starts the whole gateway on this machine: HTTP server, functions, AWS and PingOne.
 * @throws PortUnavailable, SecretUnusable
 */
export const startGateway = async ({
  port = 3000,
  awsPort = 3001,
  auth = 'jwt',
  secret,
  grants,
  environment = {},
  sandbox: sandboxOptions = {},
  faults = parseFaultProfile({}),
  roles = [],
  cors = [],
  onRequest,
  onOutcome,
  onBus,
  onLog,
  build = fromSource(),
}: GatewayOptions = {}) => {
  const real = secret && parseSecret(secret.json, secret.source);
  await using opened = new AsyncDisposableStack();
  const closeLater = adoptInto(opened);

  const front = closeLater(await listen(port));
  const faultSwitch = createFaultSwitch(faults);
  const live = createLive(
    () => queues,
    real ? undefined : () => faultSwitch.profile,
    onBus,
    (service) => sandbox?.deployment(service),
  );
  const aws = closeLater(await startAws({ port: awsPort, watch: live.aws }));
  const sandbox = real
    ? undefined
    : closeLater(
        await startSandbox({
          faults: live.faults(faultSwitch.faults),
          watch: live.sandbox,
          ...sandboxOptions,
          endpoints,
        }),
      );
  aws.secretsManager.put(secretName, secret?.json ?? JSON.stringify(sandbox?.secret));
  const webhookSecret = newWebhookSecret();
  aws.secretsManager.put(webhookSecret.secretName, webhookSecret.secretString);
  if (onOutcome) aws.events.addRule({ bus: eventBusName, pattern: outcomePattern, target: onOutcome });
  const queues = new Map(endpoints.map((endpoint) => [endpoint.name, createEndpointQueues(aws, endpoint)]));
  const issuerUrl = `${front.url}/issuer`;
  const grantsDocument = grants ?? localGrants(issuerUrl);
  const grantsFile = closeLater(await writeGrantsFile(grantsDocument, new URL(front.url).port));
  const stage = {
    awsEndpoint: aws.endpoint,
    awsCredentials: aws.credentials,
    docsUrl: front.url + errorsGuide,
    grantsFile: grantsFile.path,
    tokenRoles: roles.length > 0 ? roles.join(' ') : undefined,
    environment,
  };
  const onLine: OnLog = (line, stream) => {
    live.onLog(line, stream);
    onLog?.(line, stream);
  };
  const [functions, issuer] = await Promise.all([
    startFunctions({ queues, stage, onLog: onLine, onInvoke: live.onInvoke, build }).then(closeLater),
    createIssuer(issuerUrl, front.url, roles),
  ]);

  const gateway = {
    url: front.url,
    apiPath: `${front.url}/v1`,
    /** The same for callers that sign with the credentials of the local role. */
    iam: { apiPath: `${front.url}${iamBasePath}/v1`, credentials: newSession() },
    accessToken: await issuer.token({ clientId: localClient, scope, expiresIn: printedTokenLifetime }),
    /** The local source of webhooks: where it posts, and the key that it signs with. */
    webhook: { url: front.url + webhookPath(localWebhook), secret: webhookSecret.key },
    awsEndpoint: aws.endpoint,
    /** For the sandbox's secret. A real secret is for the functions alone. */
    awsCredentials: sandbox && aws.credentials,
    pingOneApi: real?.apiBase ?? sandbox?.apiBase ?? '',
    issuer,
    aws,
    /** Throws if a real PingOne replaces it. */
    get sandbox(): Sandbox {
      if (sandbox === undefined) throw new Error('a real PingOne replaces the sandbox');
      return sandbox;
    },
    grants: grantsDocument,
    functions,
    /** By the endpoint's name. */
    queues,
  };
  const routes = routesOf(endpoints, functions, roles.length > 0 ? [] : [scope]);
  const iamRoutes = withBasePath(routes, iamBasePath, createIamAuthorizer(gateway.iam.credentials));
  const apiGateway = createApiGateway({
    routes: [...routes, ...iamRoutes, ...webhookRoutes(functions)],
    pages: {
      ...issuer.pages,
      ...webPages({ addresses: gateway, feed: live.feed, faults: sandbox && faultSwitch }),
    },
    authorize: auth === 'jwt' ? createAuthorizer(issuer) : alwaysAs(localClient, issuer),
    onRequest,
    watch: live.apiGateway,
  });
  front.answer(withCors(cors, apiGateway));
  const parts = opened.move();
  return Object.assign(gateway, { close: () => parts.disposeAsync() });
};

/** A gateway on this machine. */
export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** Outside of `startGateway`, since Node.js 24.0 never disposes of a `using` variable that a closure captures. */
const adoptInto =
  (stack: AsyncDisposableStack) =>
  <Part extends { close(): Promise<void> }>(part: Part): Part =>
    stack.adopt(part, ({ close }) => close());

/** All functions in one build, since they share most of their code. */
const fromSource = (): NonNullable<GatewayOptions['build']> => {
  const built = bundleOnce();
  return async (name) => {
    await built;
    return bundleOf(name);
  };
};
