import * as z from 'zod/mini';
import { endpoints } from '../../lib/endpoints/index.ts';
import { actions, deploys } from '../../lib/grants/document.ts';
import type { AccessRequest } from '../../lib/grants/first-failure.ts';
import { id, type WrittenLimit } from '../../lib/grants/limits/limit.ts';
import { writtenLimits } from '../../lib/grants/limits/limits.ts';
import type { Principal } from '../../lib/grants/principal.ts';
import { principal } from '../../lib/grants/principal-schema.ts';
import { isMembers } from '../../lib/validation/members.ts';
import { violationsIn } from '../../lib/validation/violations.ts';
import { BadCommand, type Flag } from '../command/command.ts';

/** The flags of `explain`: each kind of limit brings its own. */
export const flags = {
  principal: {
    type: 'string',
    argument: 'P',
    help: 'who asks: iam:ACCOUNT:ROLE, jwt:ISSUER:client:ID, jwt:ISSUER:subject:ID,\nevent:ACCOUNT:SOURCE or webhook:SOURCE',
  },
  endpoint: {
    type: 'string',
    argument: 'E',
    choices: endpoints.map(({ name }) => name),
    help: endpoints.map(({ name }) => name).join(' or '),
  },
  action: { type: 'string', argument: 'A', choices: actions, default: 'create', help: actions.join(' or ') },
  deploy: {
    type: 'string',
    argument: 'D',
    choices: deploys,
    help: `instead of an action: ${deploys.join(' or ')}`,
  },
  environment: { type: 'string', argument: 'X', help: 'id of the PingOne environment' },
  at: { type: 'string', argument: 'TIME', help: 'decide as of this date-time (RFC 3339), not now' },
  ...Object.fromEntries(
    Object.values(writtenLimits).map(({ flag: { name, type, multiple = false, argument, help } }) => [
      name,
      { type, multiple, ...(argument !== undefined && { argument }), help: help.join('\n') } satisfies Flag,
    ]),
  ),
} as const;

type FlagValue = string | boolean | readonly (string | boolean)[] | undefined;

/** The flags as they were given. */
export type Flags = Readonly<Record<string, FlagValue>>;

export interface Question {
  readonly principal: Principal;
  readonly request: AccessRequest;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** Who asks for what, and when. Throws BadCommand. */
export const questionIn = (given: Flags, now: () => number): Question => {
  const at = textOf(given.at);
  return {
    principal: principalFrom(required(given, 'principal')),
    request: requestFrom(given),
    at: at === undefined ? now() : time(at),
  };
};

const textOf = (given: FlagValue): string | undefined => (typeof given === 'string' ? given : undefined);

const required = (given: Flags, flag: 'principal' | 'endpoint' | 'environment'): string => {
  const value = textOf(given[flag]);
  if (value === undefined) throw new BadCommand(`explain needs --${flag}; --help lists the flags`);
  return value;
};

const principalFrom = (text: string): Principal => {
  const [, kind = '', account, name] = /^(iam|event):([^:]*):(.*)$/.exec(text) ?? [];
  const [, issuer, member = '', id] = /^jwt:(.*?):(client|subject):(.*)$/.exec(text) ?? [];
  const [, webhook] = /^webhook:(.*)$/.exec(text) ?? [];
  const given = [
    ...(kind === '' ? [] : [{ [kind]: { account, [names[kind] ?? '']: name } }]),
    ...(issuer === undefined ? [] : [{ jwt: { issuer, [member]: id } }]),
    ...(webhook === undefined ? [] : [{ webhook }]),
  ][0];
  if (given === undefined) {
    throw new BadCommand(`--principal "${text}" does not have one of the five forms in --help`);
  }
  const [violation] = violationsIn(principal, given);
  if (violation) throw new BadCommand(`--principal: ${violation.message}`);
  return z.parse(principal, given);
};

const names: Readonly<Record<string, string>> = { iam: 'role', event: 'source' };

const requestFrom = (given: Flags): AccessRequest => {
  const name = required(given, 'endpoint');
  const endpoint = endpoints.find((each) => each.name === name);
  if (!endpoint)
    throw new BadCommand(`--endpoint is one of ${endpoints.map((each) => each.name).join(', ')}, not "${name}"`);
  const deploy = deploys.find((each) => each === given.deploy);
  const environment = readFlag('environment', required(given, 'environment'), ([text]) => z.parse(id(), text));
  const request = Object.entries<WrittenLimit<z.core.$ZodType>>(writtenLimits).reduce<Members>(
    (asked, [limit, { flag, ...written }]) => {
      const [place] = [endpoint.grants[limit] ?? []].flat();
      const values = given[flag.name];
      if (place === undefined && values !== undefined) throw new BadCommand(`${name} has no --${flag.name}`);
      // A deployment has no body.
      const isNeeded = place !== undefined && !(deploy && place.startsWith('body.'));
      if (isNeeded && values === undefined && !written.isOptional) throw new BadCommand(`${name} needs --${flag.name}`);
      if (place === undefined || values === undefined) return asked;
      return put(asked, place, readFlag(flag.name, values, flag.value));
    },
    put({}, endpoint.grants.environments, environment),
  );
  const { parameters = {}, body = deploy ? undefined : {} } = z.parse(requestParts, request);
  const action = actions.find((each) => each === given.action) ?? 'create';
  return { endpoint, action, deploy, parameters, ...(body && { body }) };
};

const requestParts = z.object({
  parameters: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.record(z.string(), z.unknown())),
});

const readFlag = (flag: string, given: FlagValue, read: (texts: readonly string[]) => unknown): unknown => {
  try {
    return read([given ?? []].flat().map(String));
  } catch (cause) {
    if (!(cause instanceof z.core.$ZodError)) throw cause;
    throw new BadCommand(`--${flag} must be a UUID, not "${given}"`, { cause });
  }
};

const time = (value: string): number => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new BadCommand(`--at must be a date-time (RFC 3339), not "${value}"`);
  return at;
};

type Members = Readonly<Record<string, unknown>>;

/** The same members, with a value at a place (dotted). */
const put = (members: Members, place: string, value: unknown): Members => {
  const [name = '', ...rest] = place.split('.');
  const inner = members[name];
  return { ...members, [name]: rest.length > 0 ? put(isMembers(inner) ? inner : {}, rest.join('.'), value) : value };
};
