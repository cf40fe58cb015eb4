import { isSigned, type SessionKey } from '../../infra/local/api-gateway/signature.ts';
import { type Arrival, listen } from '../../infra/local/loopback/loopback.ts';
import { json } from '../../infra/local/loopback/reply.ts';

export interface IamApiGatewayOptions extends SessionKey {
  readonly region: string;
  /** Of the gateway behind it, which takes the access token. */
  readonly url: string;
  readonly accessToken: string;
}

/** API Gateway where callers are IAM roles: whoever signs as its one caller comes in. */
export const startIamFront = async ({ url, accessToken, region, ...key }: IamApiGatewayOptions) => {
  const front = await listen(0);
  const arrivals: Arrival[] = [];
  front.answer(async (arrival) => {
    arrivals.push(arrival);
    if (!isSigned(arrival, key, region)) return json(403, { message: 'Forbidden' });
    const { 'content-type': type = '', 'idempotency-key': idempotencyKey = '' } = arrival.headers;
    const response = await fetch(url + arrival.path, {
      method: arrival.method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': type,
        'idempotency-key': String(idempotencyKey),
      },
      body: new Uint8Array(arrival.body),
    });
    return json(response.status, await response.json());
  });
  return { url: front.url, arrivals, close: front.close };
};
