import { startAws } from '../../../infra/local/aws/aws.ts';
import { createEndpointQueues, eventBusName, outcomePattern } from '../../../infra/local/gateway/endpoint-queues.ts';
import { localGrants } from '../../../infra/local/gateway/local-grants.ts';
import { writeGrantsFile } from '../../../infra/local/gateway/packed-grants-file.ts';
import { queueEnvironment, secretName } from '../../../infra/local/lambda/environment.ts';
import { startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { newestOf } from '../newest.ts';

/** What PingOne takes for a create, in milliseconds. */
export const latencyMs = 50;

/** Starts PingOne and AWS in this process, with one endpoint's queue. */
export const startStandIns = async () => {
  await using opened = new AsyncDisposableStack();
  const aws = opened.adopt(await startAws(), ({ close }) => close());
  const intercept = async (moment: 'before' | 'after') => {
    if (moment === 'before') await sleep(systemClock, latencyMs);
    return undefined;
  };
  const sandbox = opened.adopt(await startSandbox({ endpoints, intercept }), ({ close }) => close());
  aws.secretsManager.put(secretName, JSON.stringify(sandbox.secret));
  const queues = createEndpointQueues(aws, endpoint);
  const grants = opened.adopt(await writeGrantsFile(localGrants(sandbox.apiBase), 'bench'), ({ close }) => close());
  const outcomes: Readonly<Record<string, unknown>>[] = [];
  aws.events.addRule({
    bus: eventBusName,
    pattern: outcomePattern,
    target: ({ 'detail-type': type, detail }) => void outcomes.push({ ...detail, type }),
  });

  const newest = newestOf(sandbox.requests);
  const asked = { pingOne: 0, tokens: 0 };
  /** Counts what PingOne was asked since the last time: it remembers its newest requests only. */
  const countRequests = (): void => {
    const fresh = newest();
    const tokens = fresh.filter(({ path }) => path.endsWith('/as/token')).length;
    asked.tokens += tokens;
    asked.pingOne += fresh.length - tokens;
  };

  const parts = opened.move();
  return {
    endpoint,
    ...queues,
    environment: queueEnvironment(endpoint.name, queues, {
      awsEndpoint: aws.endpoint,
      awsCredentials: aws.credentials,
      docsUrl: '',
      grantsFile: grants.path,
      environment: {},
    }),
    /** All that was told on the bus. */
    outcomes,
    countRequests,
    /** How often each was called until now; PingOne without its token endpoint. */
    calls: () => ({
      ...asked,
      dynamoDB: aws.calls('DynamoDB_20120810.UpdateItem') + aws.calls('DynamoDB_20120810.GetItem'),
      eventBridge: aws.calls('AWSEvents.PutEvents'),
      secrets: aws.calls('secretsmanager.GetSecretValue'),
    }),
    /** The names of all that was made. */
    made: () => sandbox.resources(fillPath(endpoint.path, endpoint.example.parameters)).map(({ name }) => name),
    close: () => parts.disposeAsync(),
  };
};

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;
