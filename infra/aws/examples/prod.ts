import type { StageSettings } from '../settings/stage.ts';

/** An example: JWT callers, a customer key, a secret for each endpoint and a custom domain. All ids are examples. */
export const stage: StageSettings = {
  account: '111122223333',
  region: 'eu-central-1',
  production: true,
  removal: 'retain',
  customerKey: true,
  secret: { import: { name: 'pingone/davinci-admin' } },
  endpointSecrets: { 'create-api-server-operation': { import: { name: 'pingone/authorize' } } },
  auth: [
    {
      type: 'jwt',
      issuer: 'https://auth.pingone.eu/00000000-0000-4000-8000-000000000001/as',
      audience: ['pingone-provisioner'],
      scopes: ['provision'],
    },
  ],
  grants: 'prod.grants.json',
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
  webhooks: {
    deliveries: {
      scheme: 'hmac',
      algorithm: 'SHA256',
      encoding: 'HEX',
      secretEncoding: 'UTF8',
      signatureHttpHeader: 'X-Signature-256',
      signaturePrefix: 'sha256=',
      messageIdHttpHeader: 'X-Delivery',
      timestampHttpHeader: 'X-Timestamp',
      signedMessageComposition: '{MESSAGE_ID}.{TIMESTAMP}.{BODY}',
      secret: 'webhooks/deliveries',
    },
  },
  docsUrl: 'https://docs.example.com/pingone-provisioner/problems',
  runbookUrl: 'https://docs.example.com/pingone-provisioner/runbook',
  alarmEmail: 'identity-operations@example.com',
  logRetentionDays: 365,
};
