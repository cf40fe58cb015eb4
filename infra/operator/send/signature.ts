import { createHash, createHmac } from 'node:crypto';

export interface Signing {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A request whose path and query need no encoding. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers of a request to API Gateway, with AWS Signature Version 4. `now` is in milliseconds since the epoch. */
export const signedHeaders = (
  { method, url, headers, body }: Unsigned,
  { region, accessKeyId, secretAccessKey, sessionToken }: Signing,
  now: number,
): Record<string, string> => {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const own = {
    ...headers,
    host: url.host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const entries = Object.entries(own).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const names = entries.map(([name]) => name).join(';');
  const lines = entries.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonical = [method, url.pathname, url.search.slice(1), lines, names, sha256(body)].join('\n');
  const scope = [time.slice(0, 8), region, 'execute-api', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const credential = [accessKeyId, ...scope].join('/');
  return {
    ...own,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${hmac(key, text).toString('hex')}`,
  };
};

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
