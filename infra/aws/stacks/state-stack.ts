import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { CustomerKey } from '../constructs/customer-key.ts';
import { Ledger } from '../constructs/ledger.ts';
import { pascalCase } from '../constructs/pascal-case.ts';
import { WorkerSecret } from '../constructs/worker-secret.ts';
import type { SecretOrigin, Stage } from '../settings/stage.ts';
import { ledgerOutput, sharedSecret } from './output-name.ts';

export interface StateStackProps extends StackProps {
  readonly stage: Stage;
  /** Each of them gets credentials. */
  readonly endpoints: readonly Endpoint[];
}

/** The stack with state: the ledger, the PingOne credentials, and their encryption key. */
export class StateStack extends Stack {
  readonly ledger: Ledger;
  /** The customer's own key, if the stage has one. */
  readonly customerKey: CustomerKey | undefined;
  /** The credentials of each endpoint without its own, and for reads of environments. */
  readonly sharedSecret: WorkerSecret;
  readonly #secrets = new Map<string, WorkerSecret>();

  constructor(scope: Construct, id: string, { stage, endpoints, ...props }: StateStackProps) {
    super(scope, id, { description: 'PingOne Provisioner: ledger and credentials', ...props });
    const removalPolicy = stage.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.customerKey = stage.customerKey ? new CustomerKey(this, 'CustomerKey', { removalPolicy }) : undefined;
    const encrypted = { removalPolicy, customerKey: this.customerKey };
    this.ledger = new Ledger(this, 'Ledger', {
      ...encrypted,
      origin: stage.ledger,
      deletionProtection: stage.removal === 'retain',
    });
    new CfnOutput(this, ledgerOutput, {
      value: this.ledger.tableName(this),
      description: 'The table that npm run ledger reads',
    });

    const add = (name: string, origin: SecretOrigin): WorkerSecret => {
      const secret = new WorkerSecret(this, name, { ...encrypted, origin });
      new CfnOutput(this, `${name}ID`, {
        value: secret.secretID(this),
        description: 'The secret for a worker application',
      });
      return secret;
    };
    this.sharedSecret = add(sharedSecret, stage.secret);
    for (const { name } of endpoints) {
      const own = stage.endpointSecrets[name];
      this.#secrets.set(name, own ? add(`${pascalCase(name)}Secret`, own) : this.sharedSecret);
    }
  }

  /** The credentials of an endpoint. */
  secretOf({ name }: Endpoint): WorkerSecret {
    const secret = this.#secrets.get(name);
    if (secret === undefined) throw new Error(`the endpoint ${name} has no secret`);
    return secret;
  }
}
