import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { LedgerOrigin } from '../settings/stage.ts';
import { exportForUpgrade, type Published, publish } from '../stacks/publish.ts';
import { type CustomerKey, grantKeyVia } from './customer-key.ts';

export interface LedgerProps {
  /** Whether the table is made here. */
  readonly origin: LedgerOrigin;
  /** What becomes of a table that was made here when it leaves its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether a table that was made here can be deleted at all. */
  readonly deletionProtection: boolean;
  /** Encrypts a table that is made here; by default a key of DynamoDB's. */
  readonly customerKey?: CustomerKey | undefined;
}

/** The table that remembers what became of each request. The functions reach it item by item, each its endpoint's. */
export class Ledger extends Construct {
  /** The table's name, for functions of any stack. */
  readonly tableName: Published;
  readonly #keyArn: Published | undefined;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    const { origin } = props;
    if (origin === 'create') {
      this.#keyArn = props.customerKey?.arn;
      const table = this.#created(props);
      this.tableName = publish(this, 'ledger-table', table.tableName);
      exportForUpgrade(Stack.of(this), table.tableArn);
    } else {
      const { name, keyArn } = origin.import;
      this.#keyArn = keyArn === undefined ? undefined : () => keyArn;
      this.tableName = publish(this, 'ledger-table', name);
    }
  }

  /** Lets a function remember requests of one endpoint. */
  grantUse(grantee: IGrantable & IConstruct, endpoint: Endpoint): void {
    this.#grant(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [`${endpoint.name}#*`]);
  }

  /** Lets a function look requests up, never the names that they are for. */
  grantReadRequests(grantee: IGrantable & IConstruct, endpoints: readonly Endpoint[]): void {
    this.#grant(
      grantee,
      ['dynamodb:GetItem'],
      endpoints.map(({ name }) => `${name}#request#*`),
    );
  }

  /** Lets a person list open requests, and close one by hand. A list has no keys that a policy could narrow. */
  grantSettle(grantee: IGrantable & IConstruct, endpoints: readonly Endpoint[]): void {
    for (const endpoint of endpoints) this.grantUse(grantee, endpoint);
    this.grantScan(grantee);
  }

  /** Lets a function or a person read the whole table, as counting and listing take. */
  grantScan(grantee: IGrantable & IConstruct): void {
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Scan'], resourceArns: [this.#arn(grantee)] });
    grantKeyVia('dynamodb', { keyArn: this.#keyArn?.(grantee), grantee, actions: keyActions });
  }

  #grant(grantee: IGrantable & IConstruct, actions: string[], keys: string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.#arn(grantee)],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
    grantKeyVia('dynamodb', { keyArn: this.#keyArn?.(grantee), grantee, actions: keyActions });
  }

  #arn(reader: IConstruct): string {
    return Stack.of(reader).formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: this.tableName(reader),
    });
  }

  #created({ removalPolicy, deletionProtection, customerKey }: LedgerProps): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection,
      removalPolicy,
      encryption: customerKey && TableEncryptionV2.customerManagedKey(customerKey.key),
    });
  }
}

/** Actions of DynamoDB on a customer's key on behalf of readers and writers. */
const keyActions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
