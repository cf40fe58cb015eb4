import { parseArgs } from 'node:util';
import { any, createKinds, type FaultProfile, listKinds, parseFaultProfile } from '../sandbox/fault-profile.ts';

/** Thrown for a bad command line; the message is for the person who typed it. */
export class BadFlag extends Error {
  override readonly name = 'BadFlag';
}

/** In lines of a few. */
const kinds = [any, ...createKinds, ...listKinds].flatMap((_, index, all) =>
  index % 5 === 0 ? [all.slice(index, index + 5).join(', ')] : [],
);

export const help = `Runs PingOne Provisioner on this machine: API gateway, functions, AWS and a PingOne sandbox.

Usage: npm start -- [flags]

  --port PORT        where the gateway listens (default 3000; 0 takes any free port)
  --aws-port PORT    where the AWS stand-ins listen (default 3001; 0 takes any free port)
  --auth jwt|none    jwt (default) needs a token of the local issuer; none takes every caller for its client "local"
  --grants FILE      who may create what (lib/grants/GRANTS.md); by default the local caller may create everything
  --secret FILE      use a real PingOne instead of the sandbox; FILE is JSON with clientId, clientSecret,
                     environmentID (or the tokenUrl of a custom domain), and region (NA, CA, EU, AU, SG, AP)
                     or apiBase and authBase;
                     tokenEndpointAuthMethod is client_secret_basic unless it says client_secret_post
  --faults KIND[:RATE]
                     let the sandbox fail from the start, at a rate from 0 to 1 (default 1); KIND is one of
                     ${kinds.join(`,\n${' '.repeat(21)}`)}
  --help             print this
`;

export interface Flags {
  readonly port: number;
  readonly awsPort: number;
  readonly auth: 'jwt' | 'none';
  readonly secretFile: string | undefined;
  readonly grantsFile: string | undefined;
  readonly faults: FaultProfile | undefined;
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
  const faults = values.faults === undefined ? undefined : faultsOf(values.faults);
  if (faults && values.secret !== undefined) throw new BadFlag('--faults is for the sandbox; --secret has none.');
  const { secret: secretFile, grants: grantsFile, help = false } = values;
  return { port, awsPort, auth, secretFile, grantsFile, faults, help };
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
        grants: { type: 'string' },
        faults: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message.split('. ', 1).join().replace(/\.$/, '') : 'unknown flag';
    throw new BadFlag(`${sentence}; --help lists the flags.`, { cause });
  }
};

const faultsOf = (value: string): FaultProfile => {
  const [kind = '', rate = '1', ...more] = value.split(':');
  const create = [any, ...createKinds].find((name) => name === kind) ?? null;
  const list = [any, ...listKinds].find((name) => name === kind) ?? null;
  const isRate = /^(0|1|[01]?\.\d+)$/.test(rate) && Number(rate) <= 1;
  if ((create ?? list) === null) throw new BadFlag(`--faults knows no "${kind}"; --help lists the kinds.`);
  if (!isRate || more.length > 0) throw new BadFlag(`--faults is KIND:RATE with a rate from 0 to 1, not "${value}".`);
  return parseFaultProfile({ create, list, rate: Number(rate) });
};

const portOf = (flag: string, value: string | undefined, otherwise: number): number => {
  if (value === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port <= 65_535)) throw new BadFlag(`${flag} is a number from 0 to 65535, not "${value}".`);
  return port;
};
