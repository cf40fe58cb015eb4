import type { Sandbox } from '../../infra/local/sandbox/sandbox.ts';

/** The worker application's next access token. */
export const accessTokenOf = async ({ secret }: Sandbox): Promise<string> => {
  const credentials = Buffer.from(`${secret.clientId}:${secret.clientSecret}`).toString('base64');
  const response = await fetch(`${secret.authBase}/${secret.environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: accessToken } = Object(await response.json());
  return String(accessToken);
};

/** A request as the worker application, with a body of JSON unless the body is text. */
export const callerOf = async (sandbox: Sandbox) => {
  const authorization = `Bearer ${await accessTokenOf(sandbox)}`;
  return async (method: string, path: string, body?: unknown, contentType = 'application/json') => {
    const response = await fetch(`${sandbox.apiBase}${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': contentType }) },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: Object(text && JSON.parse(text)) };
  };
};
