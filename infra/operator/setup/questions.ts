import { basename } from 'node:path';
import * as z from 'zod/mini';
import { id } from '../../../lib/grants/limits/limit.ts';
import { principal } from '../../../lib/grants/principal-schema.ts';
import { regions } from '../../../lib/pingone/credentials.ts';
import { account, principalArn, text } from '../../aws/settings/setting.ts';
import { role } from '../../aws/settings/stage-auth.ts';
import { type Answers, type Question, violationIn, violationOf } from './question.ts';

const oneOf = (...choices: readonly string[]) => violationOf(z.enum(choices));

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
    prompt: 'Where to write the stage; the name of the file is the name of the stage',
    defaultAnswer: () => 'stages/dev.ts',
    violation: (answer) =>
      /^[a-z][a-z\d-]*\.ts$/.test(basename(answer))
        ? undefined
        : 'must be named with lower-case letters, digits and hyphens, and end in .ts: stages/dev.ts',
  },
  { flag: 'account', argument: 'ID', prompt: 'AWS account to deploy to (12 digits)', violation: violationOf(account) },
  {
    flag: 'region',
    argument: 'REGION',
    prompt: 'AWS region',
    defaultAnswer: () => process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'eu-west-1',
    violation: violationOf(z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1'))),
  },
  {
    flag: 'environment',
    argument: 'ID',
    prompt: 'Id of the PingOne environment to create in',
    violation: violationOf(id()),
  },
  {
    flag: 'pingone-region',
    argument: 'REGION',
    prompt: `Region of PingOne: ${Object.keys(regions).join(', ')}`,
    defaultAnswer: ({ region = '' }) => nearRegions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'EU',
    violation: oneOf(...Object.keys(regions)),
  },
  {
    flag: 'production',
    argument: 'yes|no',
    prompt: 'Whether that environment is production: yes or no',
    defaultAnswer: () => 'no',
    violation: oneOf('yes', 'no'),
  },
  {
    flag: 'callers',
    argument: 'iam|jwt',
    prompt: 'Callers over HTTP: iam (roles of this account), or jwt (access tokens)',
    defaultAnswer: () => 'iam',
    violation: oneOf('iam', 'jwt'),
  },
  {
    flag: 'caller',
    argument: 'NAME',
    prompt: 'Name of the first caller',
    defaultAnswer: () => 'platform',
    violation: violationOf(
      z.string().check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters')),
    ),
  },
  {
    flag: 'issuer',
    argument: 'URL',
    prompt: 'Issuer of the tokens',
    defaultAnswer: (answers) =>
      `https://auth.pingone.${Object(regions)[answers['pingone-region'] ?? '']}/${answers.environment}/as`,
    when: isJwt,
    violation: (answer) => violationIn(principal, { jwt: { issuer: answer, client: 'any' } }),
  },
  {
    flag: 'client',
    argument: 'ID',
    prompt: 'Client id of the caller, as its tokens have it; or subject:SUB, if their sub is not the client id',
    when: isJwt,
    violation: violationOf(text),
  },
  {
    flag: 'audience',
    argument: 'TEXT',
    prompt: 'Audience of the tokens',
    defaultAnswer: () => 'pingone-provisioner',
    when: isJwt,
    violation: violationOf(text),
  },
  {
    flag: 'token-needs',
    argument: 'scope|role|nothing',
    prompt: 'What a token needs: scope, role (app tokens of Entra ID) or nothing (Auth0, workers of PingOne)',
    defaultAnswer: () => 'scope',
    when: isJwt,
    violation: oneOf('scope', 'role', 'nothing'),
  },
  {
    flag: 'scope',
    argument: 'TEXT',
    prompt: 'Scope that a token needs',
    defaultAnswer: () => 'provision',
    when: needs('scope'),
    violation: violationOf(text),
  },
  {
    flag: 'role',
    argument: 'TEXT',
    prompt: 'Role that a token needs',
    defaultAnswer: () => 'provision',
    when: needs('role'),
    violation: violationOf(role),
  },
  {
    flag: 'source',
    argument: 'TEXT',
    prompt: 'Source of its events on the bus',
    defaultAnswer: ({ caller = '' }) => caller,
    violation: (answer) => violationIn(principal, { event: { account: '123456789012', source: answer } }),
  },
  {
    flag: 'operator',
    argument: 'ARN',
    prompt: 'IAM role or user that operates the stage (ARN)',
    when: isProduction,
    violation: violationOf(principalArn),
  },
  {
    flag: 'alarm-email',
    argument: 'ADDRESS',
    prompt: 'Mail address for alarms, or none',
    defaultAnswer: () => 'none',
    violation: (answer) => (answer === 'none' ? undefined : violationIn(z.email('must be a mail address'), answer)),
  },
];
