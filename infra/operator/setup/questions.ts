import { basename } from 'node:path';
import * as z from 'zod/mini';
import { id } from '../../../lib/grants/limits/limit.ts';
import { principal } from '../../../lib/grants/principal-schema.ts';
import { regions } from '../../../lib/pingone/credentials.ts';
import { account, principalArn, text } from '../../aws/settings/setting.ts';
import { role } from '../../aws/settings/stage-auth.ts';
import { type Answers, by, type Question, wrongIn } from './question.ts';

const oneOf = (...choices: readonly string[]) => by(z.enum(choices));

const isJwt = ({ callers }: Answers): boolean => callers === 'jwt';
const needs =
  (what: string) =>
  (answers: Answers): boolean =>
    isJwt(answers) && answers['token-needs'] === what;
const isProduction = ({ production }: Answers): boolean => production === 'yes';

/** The region of PingOne near a region of AWS, by the beginning of its name. */
const nearRegions = [
  ['us-', 'NA'],
  ['ca-', 'CA'],
  ['ap-southeast-2', 'AU'],
  ['ap-southeast-1', 'SG'],
  ['ap-', 'AP'],
] as const;

/** In their order: a later one may depend on an earlier answer. */
export const questions: readonly Question[] = [
  {
    flag: 'file',
    argument: 'FILE',
    asks: 'Where to write the stage; the name of the file is the name of the stage',
    otherwise: () => 'stages/dev.ts',
    wrong: (answer) =>
      /^[a-z][a-z\d-]*\.ts$/.test(basename(answer))
        ? undefined
        : 'must be named with lower-case letters, digits and hyphens, and end in .ts: stages/dev.ts',
  },
  { flag: 'account', argument: 'ID', asks: 'AWS account to deploy to (12 digits)', wrong: by(account) },
  {
    flag: 'region',
    argument: 'REGION',
    asks: 'AWS region',
    otherwise: () => process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'eu-west-1',
    wrong: by(z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1'))),
  },
  { flag: 'environment', argument: 'ID', asks: 'Id of the PingOne environment to create in', wrong: by(id()) },
  {
    flag: 'pingone-region',
    argument: 'REGION',
    asks: `Region of PingOne: ${Object.keys(regions).join(', ')}`,
    otherwise: ({ region = '' }) => nearRegions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'EU',
    wrong: oneOf(...Object.keys(regions)),
  },
  {
    flag: 'production',
    argument: 'yes|no',
    asks: 'Whether that environment is production: yes or no',
    otherwise: () => 'no',
    wrong: oneOf('yes', 'no'),
  },
  {
    flag: 'callers',
    argument: 'iam|jwt',
    asks: 'Callers over HTTP: iam (roles of this account), or jwt (access tokens)',
    otherwise: () => 'iam',
    wrong: oneOf('iam', 'jwt'),
  },
  {
    flag: 'caller',
    argument: 'NAME',
    asks: 'Name of the first caller',
    otherwise: () => 'platform',
    wrong: by(z.string().check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters'))),
  },
  {
    flag: 'issuer',
    argument: 'URL',
    asks: 'Issuer of the tokens',
    otherwise: (answers) =>
      `https://auth.pingone.${Object(regions)[answers['pingone-region'] ?? '']}/${answers.environment}/as`,
    when: isJwt,
    wrong: (answer) => wrongIn(principal, { jwt: { issuer: answer, client: 'any' } }),
  },
  {
    flag: 'client',
    argument: 'ID',
    asks: 'Client id of the caller, as its tokens have it; or subject:SUB, if their sub is not the client id',
    when: isJwt,
    wrong: by(text),
  },
  {
    flag: 'audience',
    argument: 'TEXT',
    asks: 'Audience of the tokens',
    otherwise: () => 'pingone-provisioner',
    when: isJwt,
    wrong: by(text),
  },
  {
    flag: 'token-needs',
    argument: 'scope|role|nothing',
    asks: 'What a token needs: scope, role (app tokens of Entra ID) or nothing (Auth0, workers of PingOne)',
    otherwise: () => 'scope',
    when: isJwt,
    wrong: oneOf('scope', 'role', 'nothing'),
  },
  {
    flag: 'scope',
    argument: 'TEXT',
    asks: 'Scope that a token needs',
    otherwise: () => 'provision',
    when: needs('scope'),
    wrong: by(text),
  },
  {
    flag: 'role',
    argument: 'TEXT',
    asks: 'Role that a token needs',
    otherwise: () => 'provision',
    when: needs('role'),
    wrong: by(role),
  },
  {
    flag: 'source',
    argument: 'TEXT',
    asks: 'Source of its events on the bus',
    otherwise: ({ caller = '' }) => caller,
    wrong: (answer) => wrongIn(principal, { event: { account: '123456789012', source: answer } }),
  },
  {
    flag: 'operator',
    argument: 'ARN',
    asks: 'IAM role or user that operates the stage (ARN)',
    when: isProduction,
    wrong: by(principalArn),
  },
  {
    flag: 'alarm-email',
    argument: 'ADDRESS',
    asks: 'Mail address for alarms, or none',
    otherwise: () => 'none',
    wrong: (answer) => (answer === 'none' ? undefined : wrongIn(z.email('must be a mail address'), answer)),
  },
];
