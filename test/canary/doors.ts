import type { Context } from 'aws-lambda';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { httpHandler } from '../../lib/http/handler.ts';
import { requestStatusHandler } from '../../lib/http/request-status.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import type { Step, System } from '../harness/system.ts';
import type { Canaries } from './canaries.ts';
import type { CapturedOutput } from './captured-output.ts';
import { pingOneAnswer } from './marked-pingone.ts';

const issuer = 'https://issuer.example';

/** Callers of both doors. */
const grants: GrantsDocument = {
  version: '1',
  callers: ['ci', 'catalogue'].map((name) =>
    callerOfAll(name, [{ jwt: { issuer, client: name } }, senderOf(`com.example.${name}`)]),
  ),
};

/** An HTTP request as in API Gateway's event. */
export interface HttpRequest {
  /** Prefix of the sources of canaries that its answer may contain. */
  readonly source: string;
  readonly client?: string | undefined;
  readonly claims?: Readonly<Record<string, string>>;
  /** Replaces API Gateway's authorizer context. */
  readonly context?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
  readonly dies?: (step: Step) => boolean;
}

export interface DoorsOptions {
  readonly canaries: Canaries;
  readonly output: CapturedOutput;
  /** The step at which a queue function dies. */
  readonly dies?: () => (step: Step) => boolean;
}

/** Both doors of every endpoint in a running system; answers are searched for leaks, thrown errors are captured. */
export const startDoors = (system: System, { canaries, output, dies }: DoorsOptions) => {
  const { clock, log } = system;
  const common = { grants: parseGrants(grants), tokenRoles: [], docsUrl: 'https://docs.example', log, now: clock.now };
  const leaked: string[] = [];
  const statuses: number[] = [];
  const watch = (answer: Promise<unknown>) => void answer.catch((error) => output.write('runtime', error));
  const buses = new Map<Endpoint, Bus>(
    endpoints.map((endpoint) => [
      endpoint,
      startBus(system, endpoint, { ...(dies && { dies }), grants: () => grants, visibilityTimeoutSeconds: 20, watch }),
    ]),
  );
  const busOf = (endpoint: Endpoint): Bus => {
    const bus = buses.get(endpoint);
    if (!bus) throw new Error(`there is no bus for ${endpoint.name}`);
    return bus;
  };

  /** Checks an answer: it may contain only the caller's own text, and PingOne's answer to it. */
  const look = async (source: string, answer: Promise<unknown>) => {
    watch(answer);
    const told: unknown = await answer.catch(() => undefined);
    const held = canaries.in(JSON.stringify(told) ?? '');
    leaked.push(
      ...held
        .filter((each) => !each.startsWith(source) && each !== pingOneAnswer)
        .map((each) => `${each} in the answer to ${source}: ${JSON.stringify(told)}`),
    );
    if (told !== undefined) statuses.push(Object(told).statusCode);
    return Object(told);
  };

  let arrivals = 0;
  const contextOf = (): Context => {
    const end = clock.now() + 26_000;
    return Object({ awsRequestId: `arrival ${arrivals++}`, getRemainingTimeInMillis: () => end - clock.now() });
  };

  const ask = async (endpoint: Endpoint, request: HttpRequest) => {
    const { dies: mortal = () => false, source, body = '{}', parameters = endpoint.example.parameters } = request;
    const died = Promise.withResolvers<undefined>();
    const fate = { dies: mortal, sleeps: {}, onDeath: () => died.resolve(undefined) };
    const { provision } = system.composed(endpoint, fate);
    const handler = httpHandler({
      ...common,
      endpoint,
      provision,
      accept: busOf(endpoint).accept,
      unknownMembers: 'refuse',
    });
    const event = {
      headers: { 'content-type': 'application/json', ...request.headers },
      isBase64Encoded: typeof body !== 'string',
      body: typeof body === 'string' ? body : body.toString('base64'),
      pathParameters: { ...parameters },
      requestContext: request.context ?? contextFor(request),
    };
    return look(source, Promise.race([died.promise, handler(Object(event), contextOf())]));
  };

  const reading = {
    endpoints: [...buses.keys()],
    ledger: (endpoint: Endpoint) => busOf(endpoint).ledger,
    pendingDeployments: (endpoint: Endpoint) => openPendingDeployments(system.table, endpoint.name),
  };
  const status = (source: string, id: string) => {
    const event = { headers: {}, pathParameters: { id }, requestContext: contextFor({ client: 'ci' }) };
    return look(source, clock.during(requestStatusHandler({ ...common, ...reading })(Object(event), contextOf())));
  };

  return {
    ask,
    status,
    busOf,
    leaked,
    statuses,
    deadLetters: () => [...buses.values()].flatMap(({ deadLetters }) => deadLetters.messages()),
    outcomes: () => [...buses.values()].flatMap(({ outcomes }) => outcomes),
    /** Captures logs, calls to AWS and the ledger. */
    collect: async () => {
      output.write('log', ...system.logged);
      output.writeCalls(system.aws.requests);
      await clock.during(output.writeLedger(system.dynamo));
    },
    close: async () => {
      for (const bus of buses.values()) await bus.close();
      await system.close();
    },
  };
};

export type Doors = Awaited<ReturnType<typeof startDoors>>;

const contextFor = ({ client, claims = {} }: Pick<HttpRequest, 'client' | 'claims'>) =>
  client === undefined
    ? {}
    : { authorizer: { jwt: { claims: { iss: issuer, client_id: client, scope: 'provision', ...claims } } } };
