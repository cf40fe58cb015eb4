import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';

/** PingOne as people write it by hand, and well: `fetch`, the secret and the token kept as long as they are good. */

const workerApplication = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  environmentID: z.string(),
  apiBase: z.url(),
  authBase: z.url(),
});

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

const createRequest = z.object({
  environmentID: z.guid(),
  body: z.object({
    name: z.string().min(1).max(256),
    connector: z.object({ id: z.string().min(1) }),
    properties: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export type CreateRequest = z.infer<typeof createRequest>;

const secrets = new SecretsManagerClient({});
let application: z.infer<typeof workerApplication> | undefined;
let token: { value: string; expiresAt: number } | undefined;

/** What an event asks for, or what is wrong with it. */
export const parseRequest = ({ pathParameters, body = '' }: APIGatewayProxyEventV2) =>
  createRequest.safeParse({ environmentID: pathParameters?.environmentID, body: parseJson(body) });

/** Sends a create, and says what PingOne answered. */
export const createConnectorInstance = async ({ environmentID, body }: CreateRequest) => {
  const { apiBase } = await getApplication();
  const response = await fetch(`${apiBase}/environments/${environmentID}/connectorInstances`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await getToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(8_000),
  });
  return { statusCode: response.status, body: await response.text() };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const getApplication = async () => {
  if (application) return application;
  const { SecretString = '' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: process.env.PINGONE_SECRET_ID }),
  );
  application = workerApplication.parse(JSON.parse(SecretString));
  return application;
};

const getToken = async () => {
  if (token && Date.now() < token.expiresAt) return token.value;
  const { clientId, clientSecret, environmentID, authBase } = await getApplication();
  const response = await fetch(`${authBase}/${environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(8_000),
  });
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}`);
  const { access_token: value, expires_in } = tokenAnswer.parse(await response.json());
  token = { value, expiresAt: Date.now() + (expires_in - 60) * 1000 };
  return value;
};
