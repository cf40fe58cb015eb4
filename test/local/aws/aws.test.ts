import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAws } from '../../../infra/local/aws/aws.ts';

let aws: Awaited<ReturnType<typeof startAws>>;
let client: SecretsManagerClient;

beforeEach(async () => {
  aws = await startAws();
  client = new SecretsManagerClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: aws.credentials,
  });
  aws.secretsManager.put('a/secret', 'first');
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20300101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0`;

const call = (target: string, body: string, authorization = signedBy(aws.credentials.accessKeyId)) =>
  fetch(aws.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, authorization },
    body,
  });

describe('Secrets Manager on loopback', () => {
  it('gives the current value to the real SDK, by name, by ARN and by ARN without its suffix', async () => {
    const byName = await client.send(new GetSecretValueCommand({ SecretId: 'a/secret' }));
    expect(byName).toMatchObject({ Name: 'a/secret', SecretString: 'first', VersionStages: ['AWSCURRENT'] });
    expect(byName.CreatedDate).toBeInstanceOf(Date);
    expect(byName.ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:a\/secret-\w{6}$/);
    for (const SecretId of [byName.ARN, byName.ARN?.slice(0, -7)]) {
      const byArn = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(byArn.VersionId).toBe(byName.VersionId);
    }
  });

  it('stores new values', async () => {
    await client.send(new PutSecretValueCommand({ SecretId: 'a/secret', SecretString: 'second' }));
    expect(await client.send(new GetSecretValueCommand({ SecretId: 'a/secret' }))).toMatchObject({
      SecretString: 'second',
    });
  });

  it('reports an unknown secret as AWS does', async () => {
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'another' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('answers in AWS JSON 1.1', async () => {
    const response = await call('secretsmanager.GetSecretValue', '{"SecretId":"another"}');
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toMatchObject({ __type: 'ResourceNotFoundException' });
  });

  it.each([
    ['{"SecretId":5}', 'InvalidParameterException'],
    ['{}', 'InvalidParameterException'],
    ['{', 'SerializationException'],
  ])('rejects the input %s', async (body, type) => {
    const response = await call('secretsmanager.GetSecretValue', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: type });
  });

  it.each(['secretsmanager.DeleteEverything', 'NoService.Operation', 'nothing', ''])(
    'rejects the target %j',
    async (target) => {
      const response = await call(target, '{}');
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ __type: 'UnknownOperationException' });
    },
  );

  it.each(['GetSecretValue', 'PutSecretValue'])('accepts only this run’s own credentials for %s', async (operation) => {
    const body = JSON.stringify({ SecretId: 'a/secret', SecretString: 'stolen' });
    for (const authorization of ['', 'Bearer x', signedBy('x'), signedBy(`${aws.credentials.accessKeyId}x`)]) {
      const response = await call(`secretsmanager.${operation}`, body, authorization);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        __type: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      });
    }
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'a/secret' }));
    expect(SecretString).toBe('first');
  });

  it('has new credentials in each run', async () => {
    const other = await startAws();
    await other.close();
    expect(other.credentials.accessKeyId).not.toBe(aws.credentials.accessKeyId);
    expect(other.credentials.secretAccessKey).not.toBe(aws.credentials.secretAccessKey);
  });

  it('counts the calls of each target', async () => {
    await client.send(new GetSecretValueCommand({ SecretId: 'a/secret' }));
    await client.send(new GetSecretValueCommand({ SecretId: 'a/secret' }));
    expect(aws.calls('secretsmanager.GetSecretValue')).toBe(2);
    expect(aws.calls('secretsmanager.PutSecretValue')).toBe(0);
  });
});
