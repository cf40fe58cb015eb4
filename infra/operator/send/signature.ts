import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';

/** A request whose path needs no encoding. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers of a request to API Gateway, with AWS Signature Version 4. */
export const signedHeaders = async (
  { method, url, headers, body }: Unsigned,
  region: string,
  credentials: AwsCredentialIdentity,
): Promise<Record<string, string>> => {
  const sha256 = Hash.bind(null, 'sha256');
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256, applyChecksum: false });
  const { protocol, hostname, host, pathname: path, searchParams } = url;
  const request = { method, protocol, hostname, path, query: Object.fromEntries(searchParams), body };
  return (await signer.sign({ ...request, headers: { ...headers, host } })).headers;
};
