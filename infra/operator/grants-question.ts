import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { Asked } from '../../lib/grants/dimensions.ts';
import type { Principal } from '../../lib/grants/principal.ts';
import { principal } from '../../lib/grants/principal-schema.ts';
import { GatewayError } from '../../lib/problems.ts';
import { isMembers } from '../../lib/validation/members.ts';
import { violationsIn } from '../../lib/validation/violations.ts';

/** Thrown when the command line says something that can't be done. */
export class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}

/** Reads the command line. Throws BadCommand. */
export const parseCommand = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        principal: { type: 'string' },
        endpoint: { type: 'string' },
        environment: { type: 'string' },
        'api-server': { type: 'string' },
        connector: { type: 'string' },
        name: { type: 'string' },
        path: { type: 'string', multiple: true },
        'access-control': { type: 'boolean' },
        at: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message.split('. ', 1).join().replace(/\.$/, '') : 'unknown flag';
    throw new BadCommand(`${sentence}; --help lists the flags`, { cause });
  }
};

export type Flags = ReturnType<typeof parseCommand>['values'];

export interface Question {
  readonly principal: Principal;
  readonly asked: Asked;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** Who asks for what, and when. Throws BadCommand. */
export const questionIn = (flags: Flags, now: () => number): Question => ({
  principal: principalFrom(required(flags, 'principal')),
  asked: askedBy(flags),
  at: flags.at === undefined ? now() : time(flags.at),
});

const required = (flags: Flags, flag: 'principal' | 'endpoint' | 'environment'): string => {
  const value = flags[flag];
  if (value === undefined) throw new BadCommand(`explain needs --${flag}; --help lists the flags`);
  return value;
};

const principalFrom = (text: string): Principal => {
  const [, kind = '', account, name] = /^(iam|event):([^:]*):(.*)$/.exec(text) ?? [];
  const [, issuer, member = '', id] = /^jwt:(.*?):(client|subject):(.*)$/.exec(text) ?? [];
  const given =
    issuer === undefined ? { [kind]: { account, [names[kind] ?? '']: name } } : { jwt: { issuer, [member]: id } };
  if (kind === '' && issuer === undefined) {
    throw new BadCommand(`--principal "${text}" is none of the four forms that --help lists`);
  }
  const [fault] = violationsIn(principal, given);
  if (fault) throw new BadCommand(`--principal: ${fault.message}`);
  return z.parse(principal, given);
};

const names: Readonly<Record<string, string>> = { iam: 'role', event: 'source' };

const askedBy = (flags: Flags): Asked => {
  const name = required(flags, 'endpoint');
  const endpoint = endpoints.find((each) => each.name === name);
  if (!endpoint)
    throw new BadCommand(`--endpoint is one of ${endpoints.map((each) => each.name).join(', ')}, not "${name}"`);
  const environmentID = idOf('environment', required(flags, 'environment'));
  requireFlags(endpoint, flags);
  const { apiServers, connectors, names: named, pathPrefixes, requireAccessControl = [] } = endpoint.grants;
  const server = flags['api-server'];
  return {
    endpoint,
    parameters: { environmentID, ...(apiServers && server && { [apiServers]: idOf('api-server', server) }) },
    body: bodyOf([
      [connectors, flags.connector],
      [named, flags.name],
      [pathPrefixes, flags.path?.map(pathOf)],
      [requireAccessControl[0], flags['access-control'] && 'some-id'],
    ]),
  };
};

/** Which flag says what a limit looks at. */
const flagOf = {
  apiServers: 'api-server',
  connectors: 'connector',
  names: 'name',
  pathPrefixes: 'path',
  requireAccessControl: 'access-control',
} as const satisfies Record<keyof Endpoint['grants'], keyof Flags>;

/** Without a value there is nothing to decide on; one that the endpoint doesn't look at would seem to count. */
const requireFlags = ({ name, grants }: Endpoint, flags: Flags): void => {
  for (const [limit, flag] of Object.entries(flagOf)) {
    if (limit in grants && flags[flag] === undefined && flag !== 'access-control') {
      throw new BadCommand(`${name} needs --${flag}`);
    }
    if (!(limit in grants) && flags[flag] !== undefined) throw new BadCommand(`${name} has no --${flag}`);
  }
};

const id = z.guid().check(z.toLowerCase());

const idOf = (flag: string, value: string): string => {
  const { data } = z.safeParse(id, value);
  if (data === undefined) throw new BadCommand(`--${flag} must be a UUID, not "${value}"`);
  return data;
};

const time = (value: string): number => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new BadCommand(`--at must be a date-time (RFC 3339), not "${value}"`);
  return at;
};

const pathOf = (pattern: string) => ({ type: /[*{}\\]/.test(pattern) ? 'PARAMETER' : 'EXACT', pattern });

type Members = Readonly<Record<string, unknown>>;

const bodyOf = (values: readonly (readonly [member: string | undefined, value: unknown])[]): Members =>
  values.reduce<Members>(
    (body, [member, value]) =>
      member === undefined || value === undefined ? body : put(body, member.split('.'), value),
    {},
  );

const put = (body: Members, [name = '', ...rest]: readonly string[], value: unknown): Members => {
  const inner = body[name];
  return { ...body, [name]: rest.length > 0 ? put(isMembers(inner) ? inner : {}, rest, value) : value };
};
