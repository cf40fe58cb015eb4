import * as z from 'zod/mini';
import { type Stage, type StageSettings, stage } from './stage.ts';

/**
 * Every deployment, by the name that `-c stage=` chooses. All values here are examples: put your own in their place. A
 * real account is not deployed to while example account ids are left (`example-accounts.ts`).
 */
export const stages: Readonly<Record<string, StageSettings>> = {
  dev: {
    region: 'eu-west-1',
    production: false,
    removal: 'destroy',
    secret: 'create',
    auth: {
      type: 'iam',
      callers: [
        {
          name: 'platform',
          trust: { account: '123456789012' },
        },
        {
          name: 'deliveries',
          trust: {
            oidc: {
              issuer: 'token.actions.githubusercontent.com',
              audience: 'sts.amazonaws.com',
              subject: 'repo:example/deliveries:ref:refs/heads/main',
            },
          },
        },
      ],
    },
    grants: 'infra/aws/settings/grants/dev.json',
    operators: {
      redrive: ['arn:aws:iam::123456789012:role/developers'],
      settle: ['arn:aws:iam::123456789012:role/developers'],
      stop: ['arn:aws:iam::123456789012:role/developers'],
      mfa: false,
    },
    throttling: { rate: 10, burst: 20 },
    senders: [{ account: '123456789012', sources: ['com.example.platform'] }],
    docsUrl: 'https://docs.example.com/pingone-provisioner/problems',
    runbookUrl: 'https://docs.example.com/pingone-provisioner/runbook',
    logRetentionDays: 14,
  },

  prod: {
    account: '111122223333',
    region: 'eu-central-1',
    production: true,
    removal: 'retain',
    customerKey: true,
    secret: { import: { name: 'pingone/davinci-admin' } },
    endpointSecrets: { 'create-api-server-operation': { import: { name: 'pingone/authorize' } } },
    auth: {
      type: 'jwt',
      issuer: 'https://auth.pingone.eu/00000000-0000-4000-8000-000000000001/as',
      audience: ['pingone-provisioner'],
      scopes: ['provision'],
    },
    grants: 'infra/aws/settings/grants/prod.json',
    operators: {
      redrive: ['arn:aws:iam::111122223333:user/identity/on-call'],
      settle: ['arn:aws:iam::111122223333:user/identity/on-call'],
      stop: ['arn:aws:iam::111122223333:user/identity/on-call', 'arn:aws:iam::111122223333:user/security/on-call'],
      mfa: true,
    },
    throttling: { rate: 50, burst: 100 },
    domain: {
      name: 'provisioner.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-4000-8000-000000000002',
    },
    senders: [
      { account: '111122223333', sources: ['com.example.platform'] },
      { account: '444455556666', sources: ['com.example.payments', 'com.example.lending'] },
    ],
    docsUrl: 'https://docs.example.com/pingone-provisioner/problems',
    runbookUrl: 'https://docs.example.com/pingone-provisioner/runbook',
    alarmEmail: 'identity-operations@example.com',
    logRetentionDays: 365,
  },
};

/** Thrown when a stage does not exist or its settings are invalid. */
export class StageUnusable extends Error {
  override readonly name = 'StageUnusable';
}

/** The settings of a stage, checked, with their defaults. Throws StageUnusable. */
export const stageNamed = (name: string): Stage => {
  const settings = stages[name];
  if (settings === undefined) {
    throw new StageUnusable(
      `There is no stage ${JSON.stringify(name)}: use -c stage=${Object.keys(stages).join(' or ')}.`,
    );
  }
  const checked = z.safeParse(stage, settings);
  if (!checked.success) throw new StageUnusable(`The stage ${name} is at fault.\n${z.prettifyError(checked.error)}`);
  return checked.data;
};
