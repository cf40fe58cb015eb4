import { endpoints } from '../../../lib/endpoints/index.ts';
import type { Issuer } from '../api-gateway/issuer.ts';
import { scope } from '../api-gateway/routes.ts';
import type { SessionKey } from '../api-gateway/signature.ts';
import { region } from '../aws/account.ts';
import type { AwsCredentials } from '../aws/credentials.ts';
import { eventBusName } from '../gateway/endpoint-queues.ts';
import { localClient } from '../gateway/local-grants.ts';
import type { RetryTargets } from '../live/retry.ts';
import type { Page } from '../loopback/loopback.ts';
import { json } from '../loopback/reply.ts';
import { exampleParameters } from './example-parameters.ts';

/** The spelling of a parameter in the examples of PingOne's documentation, where it differs from the path's. */
const documentedSpelling = new Map([['environmentID', 'envID']]);

export interface Addresses extends RetryTargets {
  /** For the sandbox's secret; undefined where the secret is a real one. */
  readonly awsCredentials: AwsCredentials | undefined;
  readonly pingOneApi: string;
  readonly webhook: { readonly url: string; readonly secret: string };
  /** A token for a day's work at a shell. */
  readonly accessToken: string;
  readonly issuer: Issuer;
  /** For callers that sign. */
  readonly iam: { readonly apiPath: string; readonly credentials: SessionKey };
}

/** Values of this run for scripts. */
export const localPages = (addresses: Addresses): Record<string, Page> => ({
  'GET /local': async () => {
    const { apiPath, awsEndpoint, awsCredentials, pingOneApi, issuer, queues, webhook } = addresses;
    const accessToken = await issuer.token({ clientId: localClient, scope });
    const apiHost = new URL(apiPath).origin;
    const addressed = { apiHost, apiPath, accessToken, awsEndpoint, pingOneApi, eventBusName, webhook };
    const iam = { apiPath: addresses.iam.apiPath, region, ...credentialsOf(addresses.iam.credentials) };
    const values = { ...addressed, ...queueUrls(queues), iam };
    return json(200, { ...values, ...credentialValues(awsCredentials), ...parameterValues() });
  },
  // For a shell: token=$(curl -s http://127.0.0.1:3000/local/token).
  'GET /local/token': async () => ({
    status: 200,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    body: addresses.accessToken,
  }),
});

const credentialsOf = ({ accessKeyId: accessKeyID, ...secrets }: SessionKey) => ({ accessKeyID, ...secrets });

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
