import { parseArgs } from 'node:util';

/** Thrown when the command line says something that can't be done; the message is for the person who typed it. */
export class BadFlag extends Error {
  override readonly name = 'BadFlag';
}

export const help = `Runs PingOne Provisioner on this machine: API gateway, functions, AWS and a PingOne sandbox.

Usage: npm start -- [flags]

  --port PORT        where the gateway listens (default 3000; 0 takes any free port)
  --aws-port PORT    where the AWS stand-ins listen (default 3001; 0 takes any free port)
  --auth jwt|none    jwt (default) wants a token from the local issuer; none lets everybody in
  --secret FILE      use a real PingOne instead of the sandbox; FILE is JSON with clientId, clientSecret,
                     environmentID, and region (NA, CA, EU, AU, SG, AP) or apiBase and authBase;
                     tokenEndpointAuthMethod is client_secret_basic unless it says client_secret_post
  --help             print this
`;

export interface Flags {
  readonly port: number;
  readonly awsPort: number;
  readonly auth: 'jwt' | 'none';
  readonly secretFile: string | undefined;
  readonly help: boolean;
}

/** Reads the command line. @throws BadFlag */
export const parseFlags = (args: readonly string[]): Flags => {
  const values = parse(args);
  const port = portOf('--port', values.port, 3000);
  const awsPort = portOf('--aws-port', values['aws-port'], 3001);
  if (port === awsPort && port !== 0) throw new BadFlag(`--port and --aws-port are both ${port}; they must differ.`);
  const auth = values.auth ?? 'jwt';
  if (auth !== 'jwt' && auth !== 'none') throw new BadFlag(`--auth is jwt or none, not "${auth}".`);
  return { port, awsPort, auth, secretFile: values.secret, help: values.help ?? false };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'aws-port': { type: 'string' },
        auth: { type: 'string' },
        secret: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message.split('. ', 1).join().replace(/\.$/, '') : 'unknown flag';
    throw new BadFlag(`${sentence}; --help lists the flags.`, { cause });
  }
};

const portOf = (flag: string, value: string | undefined, otherwise: number): number => {
  if (value === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port <= 65_535)) throw new BadFlag(`${flag} is a number from 0 to 65535, not "${value}".`);
  return port;
};
