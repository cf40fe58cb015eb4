import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, type ITableV2, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { grantKeyVia } from './customer-key.ts';
import type { LedgerOrigin } from './stage.ts';

export interface LedgerProps {
  /** Whether the table is made here. */
  readonly origin: LedgerOrigin;
  /** What becomes of a table that was made here when it leaves its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether a table that was made here can be deleted at all. */
  readonly deletionProtection: boolean;
  /** Encrypts a table that is made here; by default a key of DynamoDB's. */
  readonly encryptionKey?: IKey | undefined;
}

/** The table that remembers what became of each request. The functions reach it item by item, each its endpoint's. */
export class Ledger extends Construct {
  readonly table: ITableV2;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    const { origin } = props;
    if (origin === 'create') {
      this.#key = props.encryptionKey;
      this.table = this.#created(props);
    } else {
      const { name, keyArn } = origin.import;
      this.#key = keyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', keyArn);
      this.table = TableV2.fromTableName(this, 'Table', name);
    }
  }

  /** Lets a function remember requests of one endpoint. */
  grantUse(grantee: IGrantable, endpoint: Endpoint): void {
    this.#grant(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [`${endpoint.name}#*`]);
  }

  /** Lets a function look requests up, never the names that they are for. */
  grantReadRequests(grantee: IGrantable, endpoints: readonly Endpoint[]): void {
    this.#grant(
      grantee,
      ['dynamodb:GetItem'],
      endpoints.map(({ name }) => `${name}#request#*`),
    );
  }

  /** Lets a person list open requests, and close one by hand. A list has no keys that a policy could narrow. */
  grantSettle(grantee: IGrantable, endpoints: readonly Endpoint[]): void {
    for (const endpoint of endpoints) this.grantUse(grantee, endpoint);
    this.grantScan(grantee);
  }

  /** Lets a function or a person read the whole table, as counting and listing take. */
  grantScan(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Scan'], resourceArns: [this.table.tableArn] });
    grantKeyVia('dynamodb', { key: this.#key, grantee, actions: keyActions });
  }

  #grant(grantee: IGrantable, actions: string[], keys: string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
    grantKeyVia('dynamodb', { key: this.#key, grantee, actions: keyActions });
  }

  #created({ removalPolicy, deletionProtection, encryptionKey }: LedgerProps): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection,
      removalPolicy,
      encryption: encryptionKey && TableEncryptionV2.customerManagedKey(encryptionKey),
    });
  }
}

/** What DynamoDB does with a customer's key on behalf of whoever reads or writes. */
const keyActions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
