import type { StageSettings } from '../settings/stage.ts';

/** An example: IAM callers, in an account for development. All ids are examples of AWS and PingOne. */
export const stage: StageSettings = {
  region: 'eu-west-1',
  production: false,
  removal: 'destroy',
  secret: 'create',
  auth: [
    {
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
  ],
  grants: 'dev.grants.json',
  operators: {
    redrive: ['arn:aws:iam::123456789012:role/developers'],
    settle: ['arn:aws:iam::123456789012:role/developers'],
    stop: ['arn:aws:iam::123456789012:role/developers'],
    mfa: false,
  },
  throttling: { rate: 10, burst: 20 },
  senders: [{ account: '123456789012', sources: ['com.example.platform'] }],
  webhooks: { 'service-now': { scheme: 'standard', secret: 'webhooks/service-now' } },
  docsUrl: 'https://docs.example.com/pingone-provisioner/problems',
  runbookUrl: 'https://docs.example.com/pingone-provisioner/runbook',
  logRetentionDays: 14,
};
