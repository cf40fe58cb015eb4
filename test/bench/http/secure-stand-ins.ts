import { writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { httpEnvironment, secretName } from '../../../infra/local/lambda/environment.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { selfSigned } from '../../harness/self-signed.ts';
import { type StandIns, startStandIns } from '../stand-ins.ts';
import { secure } from './secure.ts';
import { builtFile } from './subjects.ts';

/** Starts PingOne and AWS behind TLS, with PingOne's tokens on a host of their own. */
export const startSecureStandIns = async () => {
  await using opened = new AsyncDisposableStack();
  const certificate = selfSigned();
  const secured = async (url: string): Promise<string> =>
    opened.adopt(await secure(url, certificate), ({ close }) => void close()).url;

  const standIns = opened.adopt(await startStandIns(), ({ close }) => close());
  const { aws, sandbox, endpoint, queues, surroundings, calls } = standIns;
  const authBase = await secured(sandbox.authBase);
  const apiBase = `${await secured(sandbox.authBase)}/v1`;
  const certificateFile = builtFile('certificate.pem');
  await writeFile(certificateFile, certificate.cert);
  aws.secretsManager.put(secretName, JSON.stringify({ ...sandbox.secret, apiBase, authBase }));
  const environment = {
    ...httpEnvironment(endpoint.name, queues, { ...surroundings, awsEndpoint: await secured(aws.endpoint) }),
    NODE_EXTRA_CA_CERTS: certificateFile,
    BARE_URL: apiBase + fillPath(endpoint.path, endpoint.example.parameters),
    BARE_TOKEN: await tokenOf(sandbox),
  };
  const parts = opened.move();
  return { environment, calls, close: () => parts.disposeAsync() };
};

export type SecureStandIns = Awaited<ReturnType<typeof startSecureStandIns>>;

/** For the variant that fetches no token. */
const tokenOf = async ({ secret, application }: StandIns['sandbox']): Promise<string> => {
  const { clientId, clientSecret, authBase } = secret;
  const response = await fetch(`${authBase}/${application.environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return z.parse(z.object({ access_token: z.string() }), await response.json()).access_token;
};
