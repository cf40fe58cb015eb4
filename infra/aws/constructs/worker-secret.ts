import { ArnFormat, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import type { SecretOrigin } from '../settings/stage.ts';
import { type Published, publish } from '../stacks/publish.ts';
import { type CustomerKey, grantKeyVia } from './customer-key.ts';

export interface WorkerSecretProps {
  /** Whether this stack creates the secret. */
  readonly origin: SecretOrigin;
  /** Whether a created secret is deleted or retained with its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts a created secret; by default Secrets Manager's own key. */
  readonly customerKey?: CustomerKey | undefined;
}

/** The credentials of a PingOne worker application. A created secret is empty, and no deployment writes it. */
export class WorkerSecret extends Construct {
  /** Its name or ARN, for functions of any stack. */
  readonly secretID: Published;
  readonly #arnInPolicies: Published;
  readonly #keyArn: Published | undefined;

  constructor(scope: Construct, id: string, props: WorkerSecretProps) {
    super(scope, id);
    const { origin } = props;
    if (origin === 'create') {
      this.#keyArn = props.customerKey?.arn;
      this.secretID = publish(this, id, this.#created(props).secretArn);
      this.#arnInPolicies = this.secretID;
    } else {
      const { name, keyArn } = origin.import;
      this.#keyArn = keyArn === undefined ? undefined : () => keyArn;
      this.secretID = publish(this, id, name);
      this.#arnInPolicies = (reader) => secretArn(name, reader);
    }
  }

  grantRead(grantee: IGrantable & IConstruct): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.#arnInPolicies(grantee)],
    });
    grantKeyVia('secretsmanager', { keyArn: this.#keyArn?.(grantee), grantee, actions: ['kms:Decrypt'] });
  }

  #created({ removalPolicy, customerKey }: WorkerSecretProps): ISecret {
    const secret = new Secret(this, 'Secret', {
      description: 'PingOne worker application: clientId, clientSecret, environmentID (or tokenUrl), region',
      encryptionKey: customerKey?.key,
      removalPolicy,
    });
    // CDK would generate a value, and overwrite the credentials each time that its template changes.
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

/** The ARN for policies of a secret that is given by name or ARN. Secrets Manager appends six random characters to each ARN. */
export const secretArn = (name: string, reader: IConstruct): string =>
  name.startsWith('arn:')
    ? `${name.replace(/-\w{6}$/, '')}-??????`
    : Stack.of(reader).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${name}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
