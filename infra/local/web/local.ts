import { endpoints } from '../../../lib/endpoints/index.ts';
import type { Issuer } from '../api-gateway/issuer.ts';
import type { AwsCredentials } from '../aws/credentials.ts';
import { type EndpointQueues, eventBusName } from '../gateway/endpoint-queues.ts';
import { localClient } from '../gateway/local-grants.ts';
import { json } from '../loopback/reply.ts';
import { exampleParameters } from './example-parameters.ts';
import type { Page } from './page.ts';

/** The spelling of a parameter in the examples of PingOne's documentation, where it differs from the path's. */
const documentedSpelling = new Map([['environmentID', 'envID']]);

export interface Addresses {
  readonly apiPath: string;
  readonly awsEndpoint: string;
  /** For the sandbox's secret; undefined where the secret is a real one. */
  readonly awsCredentials: AwsCredentials | undefined;
  readonly pingOneApi: string;
  readonly issuer: Issuer;
  /** By the endpoint's name. */
  readonly queues: ReadonlyMap<string, EndpointQueues>;
}

/** Values of this run for scripts, and the OpenAPI document. */
export const localPages = (addresses: Addresses, scope: string): Record<string, Page> => ({
  'GET /local': async () => {
    const { apiPath, awsEndpoint, awsCredentials, pingOneApi, issuer, queues } = addresses;
    const accessToken = await issuer.token({ clientId: localClient, scope });
    const apiHost = new URL(apiPath).origin;
    const values = { apiHost, apiPath, accessToken, awsEndpoint, pingOneApi, eventBusName, ...queueUrls(queues) };
    return json(200, { ...values, ...credentialValues(awsCredentials), ...parameterValues() });
  },
  'GET /openapi.json': async () => {
    // Loaded late: few runs ask for it.
    const { openApi } = await import('../../documents/openapi/openapi.ts');
    const { apiPath } = addresses;
    return json(200, openApi(endpoints, { apiPath, docsUrl: new URL('/docs', apiPath).href }));
  },
});

const credentialValues = (credentials: AwsCredentials | undefined) =>
  credentials && { awsAccessKeyID: credentials.accessKeyId, awsSecretAccessKey: credentials.secretAccessKey };

const queueUrls = (queues: Addresses['queues']) => ({
  queueUrls: Object.fromEntries([...queues].map(([name, { queue }]) => [name, queue.url])),
  deadLetterQueueUrls: Object.fromEntries([...queues].map(([name, { deadLetters }]) => [name, deadLetters.url])),
});

const parameterValues = (): Record<string, string | undefined> =>
  Object.fromEntries(
    [...exampleParameters(endpoints)].flatMap(([name, [value]]) =>
      [name, documentedSpelling.get(name)].flatMap((spelling) => (spelling === undefined ? [] : [[spelling, value]])),
    ),
  );
