import { BadCommand, type Flag, option, type Values } from '../../command/command.ts';
import { wholeNumber } from '../../command/whole-number.ts';
import {
  any,
  createKinds,
  deployKinds,
  type FaultProfile,
  listKinds,
  parseFaultProfile,
} from '../sandbox/fault-profile.ts';

/** The kinds of faults, five on a line. */
const kinds = [any, ...createKinds, ...listKinds, ...deployKinds].flatMap((_, index, all) =>
  index % 5 === 0 ? [all.slice(index, index + 5).join(', ')] : [],
);

export const flags = {
  port: option('PORT', 'port of the gateway; 0 is any free port', { default: '3000' }),
  'aws-port': option('PORT', 'port of the AWS stand-ins; 0 is any free port', { default: '3001' }),
  auth: option('jwt|none', 'jwt requires a token of the local issuer; none treats every caller as its client "local"', {
    choices: ['jwt', 'none'],
    default: 'jwt',
  }),
  grants: option(
    'FILE',
    'the grants document (lib/grants/GRANTS.md); by default the local caller may create everything',
  ),
  role: option(
    'NAME',
    "require this role in tokens in place of the scope, like a stage's roles; tokens of this run have it",
    { multiple: true },
  ),
  cors: option('ORIGIN', "let web pages of ORIGIN (https://portal.example.com) call the API, like a stage's cors", {
    multiple: true,
  }),
  'unknown-members': option(
    'refuse|forward',
    'refuse members that PingOne does not document, or forward them to PingOne',
    { choices: ['refuse', 'forward'], default: 'refuse' },
  ),
  secret: option(
    'FILE',
    `use a real PingOne instead of the sandbox; FILE is JSON with clientId, clientSecret,
environmentID (or the tokenUrl of a custom domain), and region (NA, CA, EU, AU, SG, AP)
or apiBase and authBase;
tokenEndpointAuthMethod is client_secret_basic (default) or client_secret_post`,
  ),
  faults: option(
    'KIND[:RATE]',
    `let the sandbox fail from the start, at a rate from 0 to 1 (default 1); KIND is one of
${kinds.join(',\n')}`,
  ),
} as const satisfies Readonly<Record<string, Flag>>;

export interface Settings {
  readonly port: number;
  readonly awsPort: number;
  readonly auth: 'jwt' | 'none';
  readonly secretFile: string | undefined;
  readonly grantsFile: string | undefined;
  readonly faults: FaultProfile | undefined;
  readonly roles: readonly string[];
  readonly cors: readonly string[];
  readonly environment: { readonly UNKNOWN_MEMBERS: 'refuse' | 'forward' };
}

/** The settings of a run. @throws BadCommand */
export const settingsOf = (values: Values<typeof flags>): Settings => {
  const port = wholeNumber('--port', values.port, 0, 65_535);
  const awsPort = wholeNumber('--aws-port', values['aws-port'], 0, 65_535);
  if (port === awsPort && port !== 0) throw new BadCommand(`--port and --aws-port are both ${port}; they must differ`);
  const faults = values.faults === undefined ? undefined : faultsOf(values.faults);
  if (faults && values.secret !== undefined)
    throw new BadCommand('--faults works only in the sandbox, which --secret replaces; leave one of them out');
  const { secret: secretFile, grants: grantsFile } = values;
  const environment = { UNKNOWN_MEMBERS: values['unknown-members'] === 'forward' ? 'forward' : 'refuse' } as const;
  const auth = values.auth === 'none' ? 'none' : 'jwt';
  const { role: roles = [] } = values;
  if (auth === 'none' && roles.length > 0)
    throw new BadCommand('--role checks tokens, which --auth none does not read; leave one of them out');
  const spaced = roles.find((role) => role.includes(' '));
  if (spaced !== undefined) throw new BadCommand(`--role is a name without spaces, not "${spaced}"`);
  const cors = (values.cors ?? []).map(origin);
  return { port, awsPort, auth, secretFile, grantsFile, faults, roles, cors, environment };
};

const origin = (value: string): string => {
  if (/^https?:/.test(value) && URL.parse(value)?.origin === value) return value;
  throw new BadCommand(`--cors is an origin such as https://portal.example.com, not "${value}"`);
};

const faultsOf = (value: string): FaultProfile => {
  const [kind = '', rate = '1', ...more] = value.split(':');
  const create = [any, ...createKinds].find((name) => name === kind) ?? null;
  const list = [any, ...listKinds].find((name) => name === kind) ?? null;
  const deploy = [any, ...deployKinds].find((name) => name === kind) ?? null;
  const isRate = /^(0|1|[01]?\.\d+)$/.test(rate) && Number(rate) <= 1;
  if ((create ?? list ?? deploy) === null)
    throw new BadCommand(`--faults has no kind "${kind}"; --help lists the kinds`);
  if (!isRate || more.length > 0) throw new BadCommand(`--faults is KIND:RATE with a rate from 0 to 1, not "${value}"`);
  return parseFaultProfile({ create, list, deploy, rate: Number(rate) });
};
