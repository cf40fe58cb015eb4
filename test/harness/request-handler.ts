import type { Aws } from '../../infra/local/aws/aws.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Passes the requests of an AWS SDK client to the local AWS without HTTP, which costs as much as the service itself. */
export const requestHandlerOf = ({ answer }: Aws) => ({
  handle: async ({ method, path, headers, body = '' }: Sent) => {
    const reply = await answer({
      method,
      path,
      query: '',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      headers,
      rawHeaders: Object.entries(headers).flat(),
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      over: new AbortController().signal,
    });
    // As the SDK's own handler has it.
    if (reply === 'reset')
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
    const { status: statusCode, headers: sent = {}, body: text = '' } = reply;
    return { response: { statusCode, headers: { ...sent }, body: Buffer.from(text) } };
  },
});

/** Signs nothing, for a service that checks no signature: hashing is a tenth of a call's cost. */
export const unsigned = {
  sign: async <Request>(request: Request): Promise<Request> => {
    Object.assign(Object(request).headers, {
      'x-amz-date': '20300101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
    });
    return request;
  },
};
