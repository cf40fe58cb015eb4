import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type AwsCredentials, isCalledBy } from './credentials.ts';
import { AwsError, type AwsService, answerJson, operation, unrecognizedClient } from './service.ts';

interface SecretsManager extends AwsService {
  /** Creates a secret, or replaces its value. */
  put(name: string, secretString: string): void;
}

/**
 * Secrets Manager with the calls of functions and operators. It finds a secret by name, ARN, or ARN without its suffix,
 * and answers the given credentials alone: a secret may be a real one, and other processes of this machine reach it.
 */
export const createSecretsManager = (credentials: AwsCredentials): SecretsManager => {
  const secrets = new Map<string, Secret>();

  const find = (id: string): Secret => {
    const secret = [...secrets.values()].find(({ ARN, Name }) => id === Name || id === ARN || id === ARN.slice(0, -7));
    if (secret !== undefined) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };

  const put = (name: string, secretString: string): Secret => {
    const secret = {
      ARN: secrets.get(name)?.ARN ?? arnOf(name),
      Name: name,
      CreatedDate: Date.now() / 1000,
      SecretString: secretString,
      VersionId: randomUUID(),
      VersionStages: ['AWSCURRENT'],
    };
    secrets.set(name, secret);
    return secret;
  };

  const answer = answerJson('1.1', {
    GetSecretValue: operation(z.object({ SecretId: z.string() }), invalid, ({ SecretId }) => find(SecretId)),
    PutSecretValue: operation(
      z.object({ SecretId: z.string(), SecretString: z.string() }),
      invalid,
      ({ SecretId, SecretString }) => {
        const { ARN, Name, VersionId, VersionStages } = put(find(SecretId).Name, SecretString);
        return { ARN, Name, VersionId, VersionStages };
      },
    ),
  });

  return {
    target: 'secretsmanager',
    put,
    answer: async (name, arrival) => (isCalledBy(credentials, arrival) ? answer(name, arrival) : unrecognizedClient()),
  };
};

/** A secret as GetSecretValue answers it. */
interface Secret {
  readonly ARN: string;
  readonly Name: string;
  /** In seconds since 1970. */
  readonly CreatedDate: number;
  readonly SecretString: string;
  readonly VersionId: string;
  readonly VersionStages: readonly string[];
}

/** AWS appends a hyphen and six random characters to each ARN. */
const arnOf = (name: string): string =>
  `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${randomBytes(3).toString('hex')}`;

const invalid = () => new AwsError('InvalidParameterException', 'A parameter is missing or has the wrong type.');
