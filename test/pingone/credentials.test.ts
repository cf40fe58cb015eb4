import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAws } from '../../infra/local/aws.ts';
import { json } from '../../infra/local/reply.ts';
import { keepCredentials, parseSecret } from '../../lib/pingone/credentials.ts';

const application = {
  clientId: 'c',
  clientSecret: 's',
  environmentID: 'ABFBA8F6-49EB-49F5-A5D9-80AD5C98F9F6',
  region: 'EU',
};

/** Why credentials can't be had where Secrets Manager answers so. */
const whyNot = async (answer: object): Promise<string> => {
  const aws = await startAws({ intercept: async () => json(200, { Name: 'worker', ...answer }) });
  onTestFinished(aws.close);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const secrets = new SecretsManagerClient({ region: 'us-east-1', endpoint: aws.endpoint, credentials });
  const kept = keepCredentials(secrets, 'worker', Date.now, () => {});
  const problem = await kept.get().catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: 'PINGONE_ACCESS_FAILED', cause: { name: 'SecretUnusable' } });
  return Object(problem).cause.message;
};

describe('a secret', () => {
  it('may begin with a byte order mark, which is ignored', () => {
    const text = JSON.stringify(application);
    expect(parseSecret(`\uFEFF${text}`, 'a file')).toEqual(parseSecret(text, 'a file'));
  });

  it.each([
    ['is binary', { SecretBinary: Buffer.from(JSON.stringify(application)).toString('base64') }, 'it is binary'],
    ['is empty', { SecretString: '' }, 'it is empty'],
    ['has nothing but space', { SecretString: ' \n' }, 'it is empty'],
    ['has no value at all', {}, 'it is empty'],
    ['is not JSON', { SecretString: 'clientId: c' }, 'it is not JSON'],
    ['is no object', { SecretString: '"s3cret"' }, 'it must be an object, not a string'],
  ])('that %s is said to be so, and not quoted', async (_, answer, why) => {
    const message = await whyNot(answer);
    expect(message).toMatch(new RegExp(`^The secret worker is not usable: ${why}\\b`));
    expect(message).not.toMatch(/s3cret|clientId: c/);
  });
});
