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
import { BadCommand, type Flag, option } from '../command/command.ts';

const endpointNames = endpoints.map(({ name }) => name);

/** The flags of `explain`: each kind of limit brings its own. */
export const flags = {
  principal: option(
    'P',
    'who asks: iam:ACCOUNT:ROLE, jwt:ISSUER:client:ID, jwt:ISSUER:subject:ID,\nevent:ACCOUNT:SOURCE or webhook:SOURCE',
  ),
  endpoint: option('E', endpointNames.join(' or '), { choices: endpointNames }),
  action: option('A', actions.join(' or '), { choices: actions, default: 'create' }),
  deploy: option('D', `instead of an action: ${deploys.join(' or ')}`, { choices: deploys }),
  environment: option('X', 'id of the PingOne environment'),
  at: option('TIME', 'decide as of this date-time (RFC 3339), not now'),
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

/** The request to decide on, its principal and its time. @throws BadCommand */
export const questionIn = (values: Flags, now: () => number): Question => {
  const at = textOf(values.at);
  return {
    principal: principalFrom(required(values, 'principal')),
    request: requestFrom(values),
    at: at === undefined ? now() : time(at),
  };
};

const textOf = (value: FlagValue): string | undefined => (typeof value === 'string' ? value : undefined);

const required = (values: Flags, flag: 'principal' | 'endpoint' | 'environment'): string => {
  const value = textOf(values[flag]);
  if (value === undefined) throw new BadCommand(`explain needs --${flag}; --help lists the flags`);
  return value;
};

const principalFrom = (text: string): Principal => {
  const [, kind = '', account, name] = /^(iam|event):([^:]*):(.*)$/.exec(text) ?? [];
  const [, issuer, member = '', id] = /^jwt:(.*?):(client|subject):(.*)$/.exec(text) ?? [];
  const [, webhook] = /^webhook:(.*)$/.exec(text) ?? [];
  const parsed = [
    ...(kind === '' ? [] : [{ [kind]: { account, [names[kind] ?? '']: name } }]),
    ...(issuer === undefined ? [] : [{ jwt: { issuer, [member]: id } }]),
    ...(webhook === undefined ? [] : [{ webhook }]),
  ][0];
  if (parsed === undefined) {
    throw new BadCommand(`--principal "${text}" does not have one of the five forms in --help`);
  }
  const [violation] = violationsIn(principal, parsed);
  if (violation) throw new BadCommand(`--principal: ${violation.message}`);
  return z.parse(principal, parsed);
};

const names: Readonly<Record<string, string>> = { iam: 'role', event: 'source' };

const requestFrom = (values: Flags): AccessRequest => {
  const name = required(values, 'endpoint');
  const endpoint = endpoints.find((each) => each.name === name);
  if (!endpoint)
    throw new BadCommand(`--endpoint is one of ${endpoints.map((each) => each.name).join(', ')}, not "${name}"`);
  const deploy = deploys.find((each) => each === values.deploy);
  const environment = readFlag('environment', required(values, 'environment'), ([text]) => z.parse(id(), text));
  const request = Object.entries<WrittenLimit<z.core.$ZodType>>(writtenLimits).reduce<Members>(
    (members, [limit, { flag, ...written }]) => {
      const [place] = [endpoint.grants[limit] ?? []].flat();
      const flagValue = values[flag.name];
      if (place === undefined && flagValue !== undefined) throw new BadCommand(`${name} has no --${flag.name}`);
      // A deployment has no body.
      const isNeeded = place !== undefined && !(deploy && place.startsWith('body.'));
      if (isNeeded && flagValue === undefined && !written.isOptional)
        throw new BadCommand(`${name} needs --${flag.name}`);
      if (place === undefined || flagValue === undefined) return members;
      return put(members, place, readFlag(flag.name, flagValue, flag.value));
    },
    put({}, endpoint.grants.environments, environment),
  );
  const { parameters = {}, body = deploy ? undefined : {} } = z.parse(requestParts, request);
  const action = actions.find((each) => each === values.action) ?? 'create';
  return { endpoint, action, deploy, parameters, ...(body && { body }) };
};

const requestParts = z.object({
  parameters: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.record(z.string(), z.unknown())),
});

const readFlag = (flag: string, value: FlagValue, read: (texts: readonly string[]) => unknown): unknown => {
  try {
    return read([value ?? []].flat().map(String));
  } catch (cause) {
    if (!(cause instanceof z.core.$ZodError)) throw cause;
    throw new BadCommand(`--${flag} must be a UUID, not "${value}"`, { cause });
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
