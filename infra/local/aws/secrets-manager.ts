import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type AwsCredentials, isCalledBy } from './credentials.ts';
import { AwsError, type AwsService, answerJson, unrecognizedClient } from './service.ts';

export interface SecretsManager extends AwsService {
  /** Creates a secret, or gives it a new current version. */
  put(name: string, secretString: string): void;
}

/**
 * Secrets Manager, as far as functions and tests use it; secrets are found by name, ARN, or ARN without its suffix. It
 * answers to the given credentials alone: a secret may be a real one, and other processes reach this one too.
 */
export const createSecretsManager = (credentials: AwsCredentials): SecretsManager => {
  const secrets = new Map<string, Secret>();

  const find = (id: string): Secret => {
    const secret = [...secrets.values()].find(({ name, arn }) => id === name || id === arn || id === arn.slice(0, -7));
    if (secret === undefined) throw notFound();
    return secret;
  };

  const update = (input: unknown) => {
    const { SecretId, SecretString } = parse(write, input);
    const secret = find(SecretId);
    const version = addVersion(secret, SecretString);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [current] };
  };

  const answer = answerJson(
    '1.1',
    new Map<string, (input: unknown) => unknown>([
      ['GetSecretValue', (input) => describe(find(parse(read, input).SecretId), parse(read, input))],
      ['PutSecretValue', update],
      ['UpdateSecret', update],
    ]),
  );

  return {
    target: 'secretsmanager',
    put: (name, secretString) => {
      const secret = secrets.get(name) ?? { name, arn: arnOf(name), versions: [] };
      secrets.set(name, secret);
      addVersion(secret, secretString);
    },
    answer: async (operation, arrival) =>
      isCalledBy(credentials, arrival) ? answer(operation, arrival) : unrecognizedClient(),
  };
};

interface Version {
  readonly id: string;
  readonly secretString: string;
  readonly created: number;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  /** Newest first. */
  readonly versions: Version[];
}

/** Of the newest version, and of the one before. */
const stages = ['AWSCURRENT', 'AWSPREVIOUS'];

const current = 'AWSCURRENT';

const read = z.object({
  SecretId: z.string(),
  VersionStage: z._default(z.string(), current),
});

const write = z.object({ SecretId: z.string(), SecretString: z.string() });

const parse = <Schema extends z.core.$ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const result = z.safeParse(schema, input);
  if (!result.success) throw new AwsError('InvalidParameterException', 'A parameter is missing or has the wrong type.');
  return result.data;
};

const describe = ({ name, arn, versions }: Secret, { VersionStage }: z.output<typeof read>) => {
  const version = versions[stages.indexOf(VersionStage)];
  if (version === undefined) throw notFound(` value for staging label: ${VersionStage}`);
  return {
    ARN: arn,
    CreatedDate: version.created,
    Name: name,
    SecretString: version.secretString,
    VersionId: version.id,
    VersionStages: [VersionStage],
  };
};

/** Keeps the versions that have a stage. */
const addVersion = ({ versions }: Secret, secretString: string): Version => {
  const version = { id: randomUUID(), secretString, created: Date.now() / 1000 };
  versions.unshift(version);
  versions.length = Math.min(versions.length, stages.length);
  return version;
};

/** AWS ends each ARN with a hyphen and six characters of its own. */
const arnOf = (name: string): string =>
  `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${randomBytes(3).toString('hex')}`;

const notFound = (rest = '.') =>
  new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret${rest}`);
