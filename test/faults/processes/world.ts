import { createApiGateway } from '../../../infra/local/api-gateway/api-gateway.ts';
import { createAuthorizer } from '../../../infra/local/api-gateway/authorizer.ts';
import { createIssuer } from '../../../infra/local/api-gateway/issuer.ts';
import { scope } from '../../../infra/local/api-gateway/routes.ts';
import { account } from '../../../infra/local/aws/account.ts';
import { startAws } from '../../../infra/local/aws/aws.ts';
import type { BusEvent } from '../../../infra/local/aws/event-bridge/event.ts';
import { eventBusName, outcomePattern } from '../../../infra/local/gateway/endpoint-queues.ts';
import { callerOfAll } from '../../../infra/local/gateway/local-grants.ts';
import { writeGrantsFile } from '../../../infra/local/gateway/packed-grants-file.ts';
import { secretName } from '../../../infra/local/lambda/environment.ts';
import { listen } from '../../../infra/local/loopback/loopback.ts';
import { startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { type FunctionsOptions, startFunctions } from './functions.ts';
import { callLine } from './journal.ts';
import type { Records } from './records.ts';
import { measureSendDelays } from './send-delays.ts';
import { startStrikes } from './strikes.ts';
import { settings } from './times.ts';
import { watchedPingOne } from './watched-pingone.ts';

export interface WorldOptions extends Pick<FunctionsOptions, 'host' | 'weather' | 'journal' | 'onInvoke' | 'onResult'> {
  readonly onOutcome: (outcome: BusEvent) => void;
}

/** A whole deployment: AWS, PingOne and the API in this process, each function environment in its own process. */
export const startWorld = async ({ onOutcome, ...options }: WorldOptions) => {
  const { weather, journal } = options;
  await using opened = new AsyncDisposableStack();
  const closing = <Part extends { close(): Promise<void> }>(part: Part): Part =>
    opened.adopt(part, ({ close }) => close());

  const strikes = startStrikes(weather, journal);
  const delays = measureSendDelays(strikes);
  /** Resource id -> the id of the arrival that made PingOne create it. */
  const senders = new Map<string, string>();
  const aws = closing(
    await startAws({
      intercept: weather.intercept,
      watch: (request, reply, invocation) => {
        journal.note(invocation, callLine(request, reply));
        delays.recorded(request, invocation);
        strikes.step(invocation);
      },
    }),
  );
  const sandbox = closing(await startSandbox(watchedPingOne(weather, { strikes, delays, senders, journal })));
  aws.secretsManager.put(secretName, JSON.stringify(sandbox.secret));
  aws.events.addRule({ bus: eventBusName, pattern: outcomePattern, target: onOutcome });

  const front = closing(await listen(0));
  const issuer = await createIssuer(`${front.url}/issuer`, front.url);
  const grantsFile = closing(await writeGrantsFile(grantsFor(issuer.url), new URL(front.url).port));
  const stage = {
    awsCredentials: aws.credentials,
    awsEndpoint: aws.endpoint,
    docsUrl: `${front.url}/docs`,
    grantsFile: grantsFile.path,
    environment: settings,
  };
  const { routes, queues, environments } = closing(startFunctions({ ...options, aws, stage, strikes }));
  front.answer(createApiGateway({ routes, authorize: createAuthorizer(issuer), mostAtOnce: 1_000 }));
  const tokens = new Map<string, string>();
  for (const caller of callers) tokens.set(caller, await issuer.token({ clientId: caller, scope }));

  const parts = opened.move();
  return {
    url: front.url,
    awsEndpoint: aws.endpoint,
    sandbox,
    senders,
    strikes,
    delays,
    queues,
    environments,
    authorizationOf: (caller: string) => `Bearer ${tokens.get(caller)}`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Records all events of a world. */
export const recorders = ({ invoked, resulted, published }: Records) => ({
  onInvoke: invoked,
  onResult: resulted,
  onOutcome: published,
});

/** The callers; each has all grants. */
const callers = ['ci', 'catalogue'] as const;

/** The source of a caller's events. */
export const sourceOf = (caller: string) => `com.example.${caller}`;

const grantsFor = (issuer: string) => ({
  version: '1' as const,
  callers: callers.map((name) =>
    callerOfAll(name, [{ jwt: { issuer, client: name } }, { event: { account, source: sourceOf(name) } }]),
  ),
});
