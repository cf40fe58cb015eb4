import { writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { endpointEnvironments, secretName } from '../../../infra/local/lambda/environment.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { selfSigned } from '../../harness/self-signed.ts';
import { type StandIns, startStandIns } from '../stand-ins.ts';
import { distant } from './distant.ts';
import type { listening } from './loopback-server.ts';
import { secure } from './secure.ts';
import { builtFile } from './subjects.ts';

/** Starts PingOne and AWS behind TLS at three distances; PingOne's token endpoint has its own host. */
export const startSecureStandIns = async () => {
  await using opened = new AsyncDisposableStack();
  const certificate = selfSigned();
  const certificateFile = builtFile('certificate.pem');
  await writeFile(certificateFile, certificate.cert);
  const standIns = opened.adopt(await startStandIns(), ({ close }) => close());
  const { aws, sandbox, endpoint, queues, stage } = standIns;
  const bareToken = await tokenOf(sandbox);

  const portOf = async (server: ReturnType<typeof listening>): Promise<number> =>
    opened.adopt(await server, ({ close }) => close()).port;
  const secured = async (url: string, roundTripMs: number): Promise<string> => {
    const port = await portOf(secure(Number(new URL(url).port), certificate));
    return `https://127.0.0.1:${roundTripMs === 0 ? port : await portOf(distant(port, roundTripMs))}`;
  };

  /** The environments of functions at a distance of PingOne and AWS. */
  const environmentsAt = async (roundTripMs: number) => {
    const authBase = await secured(sandbox.authBase, roundTripMs);
    const apiBase = `${await secured(sandbox.authBase, roundTripMs)}/v1`;
    const secret = `${secretName}-${roundTripMs}`;
    aws.secretsManager.put(secret, JSON.stringify({ ...sandbox.secret, apiBase, authBase }));
    const around = {
      ...stage,
      awsEndpoint: await secured(aws.endpoint, roundTripMs),
      environment: { PINGONE_SECRET_ID: secret },
    };
    const more = {
      NODE_EXTRA_CA_CERTS: certificateFile,
      BARE_URL: apiBase + fillPath(endpoint.path, endpoint.example.parameters),
      BARE_TOKEN: bareToken,
    };
    const { http, queue } = endpointEnvironments(endpoint.name, queues, around);
    return { http: { ...http, ...more }, queue: { ...queue, ...more } };
  };

  const [loopback, near, far] = [await environmentsAt(0), await environmentsAt(nearMs), await environmentsAt(farMs)];
  const parts = opened.move();
  return { ...standIns, loopback, near, far, close: () => parts.disposeAsync() };
};

/** Round trips to a region's own services, and to another region, in milliseconds. */
export const nearMs = 5;
export const farMs = 24;

export type Environment = Readonly<Record<string, string>>;

export type SecureStandIns = Awaited<ReturnType<typeof startSecureStandIns>>;

/** A token for the variant that does not fetch one. */
const tokenOf = async ({ secret, application }: StandIns['sandbox']): Promise<string> => {
  const { clientId, clientSecret, authBase } = secret;
  const response = await fetch(`${authBase}/${application.environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return z.parse(z.object({ access_token: z.string() }), await response.json()).access_token;
};
