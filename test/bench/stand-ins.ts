import { startAws } from '../../infra/local/aws/aws.ts';
import { createEndpointQueues } from '../../infra/local/gateway/endpoint-queues.ts';
import { localGrants } from '../../infra/local/gateway/local-grants.ts';
import { writeGrantsFile } from '../../infra/local/gateway/packed-grants-file.ts';
import { secretName } from '../../infra/local/lambda/environment.ts';
import { type SandboxOptions, startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { memoryDynamoDB } from '../harness/dynamodb/memory-dynamodb.ts';
import { awsObserver } from './aws-observer.ts';
import { newestOf } from './newest.ts';

/** The issuer of the measured requests' tokens. */
export const issuer = 'https://issuer.example.com';

/** Longer than the others' turns take: a connection must not be closed as its next request leaves. */
const keepAliveMs = 60_000;

/** Starts PingOne and AWS in this process, with one endpoint's queues. */
export const startStandIns = async (options: Omit<SandboxOptions, 'endpoints'> = {}) => {
  await using opened = new AsyncDisposableStack();
  const { watch, onWrite, during: observeAws } = awsObserver();
  const aws = opened.adopt(await startAws({ dynamoDB: memoryDynamoDB(onWrite), watch }), ({ close }) => close());
  const sandbox = opened.adopt(await startSandbox({ keepAliveMs, ...options, endpoints }), ({ close }) => close());
  const grantsFile = await writeGrantsFile(localGrants(issuer), `bench-${process.pid}`);
  opened.defer(() => grantsFile.close());
  aws.secretsManager.put(secretName, JSON.stringify(sandbox.secret));

  const newest = newestOf(sandbox.requests);
  const counts = { pingOne: 0, tokens: 0 };
  /** Counts the requests since the last call: the sandbox records only its newest 10,000. */
  const countRequests = (): void => {
    const requests = newest();
    const tokens = requests.filter(({ path }) => path.endsWith('/as/token')).length;
    counts.tokens += tokens;
    counts.pingOne += requests.length - tokens;
  };

  const parts = opened.move();
  return {
    endpoint,
    aws,
    sandbox,
    queues: createEndpointQueues(aws, endpoint),
    stage: {
      awsEndpoint: aws.endpoint,
      awsCredentials: aws.credentials,
      docsUrl: issuer,
      grantsFile: grantsFile.path,
      environment: {},
    },
    countRequests,
    observeAws,
    /** Number of calls so far; `pingOne` without the token endpoint. */
    calls: () => {
      countRequests();
      return {
        ...counts,
        dynamoDB: aws.calls('DynamoDB_20120810.UpdateItem') + aws.calls('DynamoDB_20120810.GetItem'),
        eventBridge: aws.calls('AWSEvents.PutEvents'),
        secrets: aws.calls('secretsmanager.GetSecretValue'),
      };
    },
    close: () => parts.disposeAsync(),
  };
};

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;
