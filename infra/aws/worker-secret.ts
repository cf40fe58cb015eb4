import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantKeyVia } from './customer-key.ts';
import type { SecretOrigin } from './stage.ts';

export interface WorkerSecretProps {
  /** Whether the secret is made here. */
  readonly origin: SecretOrigin;
  /** What becomes of a secret that was made here when it leaves its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts a secret that is made here; by default a key of Secrets Manager's. */
  readonly encryptionKey?: IKey | undefined;
}

/** The credentials of a PingOne worker application. One that is made here is empty, and no deployment ever writes it. */
export class WorkerSecret extends Construct {
  /** What the functions find it by. */
  readonly secretID: string;
  readonly #arnInPolicies: string;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: WorkerSecretProps) {
    super(scope, id);
    const { origin } = props;
    if (origin === 'create') {
      const { secretArn } = this.#created(props);
      this.#key = props.encryptionKey;
      this.secretID = secretArn;
      this.#arnInPolicies = secretArn;
    } else {
      const { name, keyArn } = origin.import;
      this.#key = keyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', keyArn);
      this.secretID = name;
      // Secrets Manager ends each ARN in six characters of its own.
      this.#arnInPolicies = `${Secret.fromSecretNameV2(this, 'Secret', name).secretArn}-??????`;
    }
  }

  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.#arnInPolicies],
    });
    grantKeyVia('secretsmanager', { key: this.#key, grantee, actions: ['kms:Decrypt'] });
  }

  #created({ removalPolicy, encryptionKey }: WorkerSecretProps): ISecret {
    const secret = new Secret(this, 'Secret', {
      description: 'PingOne worker application: clientId, clientSecret, environmentID (or tokenUrl), region',
      encryptionKey,
      removalPolicy,
    });
    // CDK would have a value generated, and again whenever that text changes: over the credentials that are there.
    const { defaultChild } = secret.node;
    if (defaultChild instanceof CfnSecret) defaultChild.addPropertyDeletionOverride('GenerateSecretString');
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'PingOne has no API by which a worker application rotates its own secret; the runbook rotates it by hand.',
    });
    return secret;
  }
}
