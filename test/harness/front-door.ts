import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { fillPath } from '../../lib/endpoints/path.ts';

export interface Call {
  /** The example's by default; a string or bytes are sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Sends a create through the front door of a running gateway, as a caller does. */
export const call = async (gateway: Gateway, endpoint: Endpoint, { body, headers, parameters }: Call = {}) => {
  const { apiPath, accessToken } = gateway;
  const sent = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers };
  const content = body === undefined ? endpoint.example.body : body;
  const response = await fetch(apiPath + fillPath(endpoint.path, { ...endpoint.example.parameters, ...parameters }), {
    method: 'POST',
    headers: Object.fromEntries(
      Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    body: typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
};

/** Sets the faults of the running gateway's sandbox. */
export const setFaults = async ({ url }: Gateway, profile: object): Promise<void> => {
  const response = await fetch(`${url}/local/faults`, { method: 'PUT', body: JSON.stringify(profile) });
  if (!response.ok) throw new Error(`the faults were not set: ${await response.text()}`);
};

/** The members of a JSON answer; an empty object if the answer is no JSON. */
const parsed = (text: string) => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
};

/** The path of an endpoint's example, as the sandbox knows its collection. */
export const collectionOf = ({ path, example }: Endpoint): string => fillPath(path, example.parameters);
