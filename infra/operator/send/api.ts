import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GatewayError } from '../../../lib/problems.ts';
import { isMembers } from '../../../lib/validation/members.ts';
import { BadCommand } from '../../command/command.ts';
import { signedHeaders, type Unsigned } from './signature.ts';

/** A gateway that is called, and how. */
export interface Api {
  /** With `/v1`. */
  readonly apiPath: string;
  /** The path parameters of its examples; a deployed stage has none. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** The headers of a request, with its caller's token or signature. */
  readonly authorized: (request: Unsigned) => Promise<Record<string, string>>;
}

/** Thrown when there is no local run. */
class NotRunning extends GatewayError {
  override readonly name = 'NotRunning';
}

/** The local run at an address. @throws NotRunning */
export const localApi = async (url: string): Promise<Api> => {
  const local: unknown = await fetch(`${url}/local`)
    .then((response) => response.json())
    .catch((cause) => {
      throw new NotRunning(`no local run answers at ${url}; npm start starts one, and --api-path calls a stage`, {
        cause,
      });
    });
  const { apiPath, accessToken, ...values } = isMembers(local) ? local : {};
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  return { apiPath: String(apiPath), parameters, authorized: withToken(String(accessToken)) };
};

/** A deployed stage: with the token in ACCESS_TOKEN, or else the signature of the AWS credentials. @throws BadCommand */
export const deployedApi = async (apiPath: string, env: NodeJS.ProcessEnv): Promise<Api> => {
  if (!URL.canParse(apiPath)) throw new BadCommand(`--api-path must be a URL, not "${apiPath}"`);
  const { ACCESS_TOKEN, ENVIRONMENT_ID: environmentID, API_SERVER_ID: apiServerID } = env;
  const parameters = { environmentID, apiServerID };
  if (ACCESS_TOKEN) return { apiPath, parameters, authorized: withToken(ACCESS_TOKEN) };
  return { apiPath, parameters, authorized: await withSignature(apiPath) };
};

const withToken =
  (token: string): Api['authorized'] =>
  async ({ headers }) => ({ ...headers, authorization: `Bearer ${token}` });

/** Signs with the credentials that AWS's clients find, for the region in the API's own address, else that of the environment. */
const withSignature = async (apiPath: string): Promise<Api['authorized']> => {
  const { config } = new CloudFormationClient({});
  try {
    const region = /\.execute-api\.([\w-]+)\./.exec(apiPath)?.[1] ?? (await config.region());
    const credentials = await config.credentials();
    return (request) => signedHeaders(request, region, credentials);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new BadCommand(
      `set ACCESS_TOKEN, or for a stage with IAM callers the AWS credentials of the caller's role (${why})`,
      { cause },
    );
  }
};
