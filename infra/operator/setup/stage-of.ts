import { basename } from 'node:path';
import type { GrantsDocument } from '../../../lib/grants/document.ts';
import type { StageSettings } from '../../aws/settings/stage.ts';
import { serviceStackName } from '../../aws/stacks/output-name.ts';
import { callerOfAll } from '../../local/gateway/local-grants.ts';
import type { Answers } from './question.ts';

const text = (answers: Answers, flag: string): string => answers[flag] ?? '';

const valuesOf = (answers: Answers, flag: string): string[] => [answers[flag] ?? []].flat();

/** The settings of a new stage. */
export const stageOf = (answers: Answers): StageSettings => {
  const production = answers.production === 'yes';
  const account = text(answers, 'account');
  const operators = answers.operator === undefined ? undefined : [answers.operator];
  const email = text(answers, 'alarm-email');
  return {
    account,
    region: text(answers, 'region'),
    production,
    removal: production ? 'retain' : 'destroy',
    secret: 'create',
    auth: [
      answers.callers === 'jwt'
        ? {
            type: 'jwt',
            issuer: text(answers, 'issuer'),
            audience: [text(answers, 'audience')],
            scopes: valuesOf(answers, 'scope'),
            roles: valuesOf(answers, 'role'),
          }
        : { type: 'iam', callers: [{ name: text(answers, 'caller'), trust: { account } }] },
    ],
    grants: grantsFileOf(answers),
    ...(operators && {
      operators: {
        redrive: operators,
        settle: operators,
        stop: operators,
        mfa: operators[0]?.includes(':user/') ?? false,
      },
    }),
    throttling: production ? { rate: 50, burst: 100 } : { rate: 10, burst: 20 },
    senders: [{ account, sources: [text(answers, 'source')] }],
    ...(email !== 'none' && { alarmEmail: email }),
    logRetentionDays: production ? 365 : 14,
  };
};

/** The grants of a new stage: its one caller may create everything in the one environment. */
export const grantsOf = (answers: Answers): GrantsDocument => {
  const environment = text(answers, 'environment').toLowerCase();
  const name = text(answers, 'caller');
  const account = text(answers, 'account');
  const role = `${serviceStackName(stageName(answers))}-${answers.region}-${name}`;
  const caller =
    answers.callers === 'jwt'
      ? { jwt: { issuer: text(answers, 'issuer'), ...tokenHolder(text(answers, 'client')) } }
      : { iam: { account, role } };
  const all = callerOfAll(name, [caller, { event: { account, source: text(answers, 'source') } }]);
  const production = answers.production === 'yes';
  return {
    version: '1',
    ...(!production && { nonProduction: [environment] }),
    callers: [
      {
        ...all,
        grants: all.grants.map(({ production: _, ...grant }) => ({
          ...grant,
          environments: [environment],
          ...(production && { production }),
        })),
      },
    ],
  };
};

const tokenHolder = (named: string) => {
  const [, subject] = /^subject:(.+)$/.exec(named) ?? [];
  return subject === undefined ? { client: named } : { subject };
};

const stageName = (answers: Answers): string => basename(text(answers, 'file'), '.ts');

const grantsFileOf = (answers: Answers): string => `${stageName(answers)}.grants.json`;
