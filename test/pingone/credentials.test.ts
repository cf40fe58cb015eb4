import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAws } from '../../infra/local/aws/aws.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import { cachedCredentials, parseSecret, SecretUnusable } from '../../lib/pingone/credentials.ts';

const application = {
  clientId: 'c',
  clientSecret: 's',
  environmentID: 'ABFBA8F6-49EB-49F5-A5D9-80AD5C98F9F6',
  region: 'EU',
};

/** The error for an answer of Secrets Manager. */
const whyNot = async (answer: object): Promise<string> => {
  const aws = await startAws({ intercept: async () => json(200, { Name: 'worker', ...answer }) });
  onTestFinished(aws.close);
  const secrets = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: aws.credentials,
  });
  const kept = cachedCredentials(secrets, 'worker', Date.now, () => {});
  const problem = await kept.get().catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: 'PINGONE_ACCESS_FAILED', cause: { name: 'SecretUnusable' } });
  return Object(problem).cause.message;
};

describe('a secret', () => {
  it('may begin with a byte order mark, which is ignored', () => {
    const text = JSON.stringify(application);
    expect(parseSecret(`\uFEFF${text}`, 'a file')).toEqual(parseSecret(text, 'a file'));
  });

  it('names the token endpoint by its environment, or by the tokenUrl of a custom domain', () => {
    const { environmentID: _, ...elsewhere } = application;
    expect(parseSecret(JSON.stringify(application), 'a file')).toMatchObject({
      tokenUrl: 'https://auth.pingone.eu/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/as/token',
      apiBase: 'https://api.pingone.eu/v1',
    });
    const tokenUrl = 'https://auth.example.com/as/token';
    for (const own of [elsewhere, application, { ...elsewhere, authBase: 'https://other.example.com' }])
      expect(parseSecret(JSON.stringify({ ...own, tokenUrl }), 'a file')).toMatchObject({
        tokenUrl,
        tokens: { hostname: 'auth.example.com', path: '/as/token' },
        apiBase: 'https://api.pingone.eu/v1',
      });
  });

  it.each([
    ['neither environment nor tokenUrl', { environmentID: undefined }, 'environmentID is required'],
    [
      'an authBase without an environment',
      { environmentID: undefined, authBase: 'https://a.example' },
      'environmentID',
    ],
    ['a tokenUrl without TLS', { tokenUrl: 'http://auth.example.com/as/token' }, 'tokenUrl must be an https URL'],
    ['a tokenUrl that is none', { tokenUrl: 'auth.example.com' }, 'tokenUrl must be an https URL'],
    ['a tokenUrl and no region', { tokenUrl: 'https://a.example/as/token', region: undefined }, 'region is required'],
  ])('is unusable with %s', (_, changes, why) => {
    const parse = () => parseSecret(JSON.stringify({ ...application, ...changes }), 'a file');
    expect(parse).toThrow(SecretUnusable);
    expect(parse).toThrow(why);
  });

  it('needs no region with a tokenUrl and an apiBase', () => {
    const own = {
      clientId: 'c',
      clientSecret: 's',
      tokenUrl: 'http://127.0.0.1:1/t',
      apiBase: 'http://127.0.0.1:1/v1/',
    };
    expect(parseSecret(JSON.stringify(own), 'a file')).toMatchObject({
      tokenUrl: 'http://127.0.0.1:1/t',
      apiBase: 'http://127.0.0.1:1/v1',
    });
  });

  it.each([
    ['is binary', { SecretBinary: Buffer.from(JSON.stringify(application)).toString('base64') }, 'it is binary'],
    ['is empty', { SecretString: '' }, 'it is empty'],
    ['has nothing but space', { SecretString: ' \n' }, 'it is empty'],
    ['has no value at all', {}, 'it is empty'],
    ['is not JSON', { SecretString: 'clientId: c' }, 'it is not JSON'],
    ['is no object', { SecretString: '"s3cret"' }, 'it must be an object, not a string'],
  ])('that %s is reported, and not quoted', async (_, answer, why) => {
    const message = await whyNot(answer);
    expect(message).toMatch(new RegExp(`^The secret worker is not usable: ${why}\\b`));
    expect(message).not.toMatch(/s3cret|clientId: c/);
  });
});
