import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { LedgerOrigin } from '../settings/stage.ts';
import { exportForUpgrade, type Published, publish } from '../stacks/publish.ts';
import { type CustomerKey, grantKeyVia } from './customer-key.ts';

export interface LedgerProps {
  /** Whether this stack creates the table. */
  readonly origin: LedgerOrigin;
  /** Whether a created table is deleted or retained with its stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether a created table is protected against deletion. */
  readonly deletionProtection: boolean;
  /** Encrypts a created table; by default DynamoDB's own key. */
  readonly customerKey?: CustomerKey | undefined;
}

/** The table with the state of each request. A function may read and write single items of its endpoint. */
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

  /** Lets a function record requests of one endpoint. */
  grantUse(grantee: IGrantable & IConstruct, endpoint: Endpoint): void {
    this.#grant(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [`${endpoint.name}#*`]);
  }

  /** Lets a function lease and record deployments of one endpoint's services. */
  grantDeployments(grantee: IGrantable & IConstruct, endpoint: Endpoint): void {
    this.#grant(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [`${endpoint.name}#deployment#*`]);
  }

  /** Lets a function accept requests of one endpoint: request items, but no name items. */
  grantAccept(grantee: IGrantable & IConstruct, endpoint: Endpoint): void {
    this.#grant(grantee, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [`${endpoint.name}#request#*`]);
  }

  /** Lets a function read request items and deployments, but no name items. */
  grantReadRequests(grantee: IGrantable & IConstruct, endpoints: readonly Endpoint[]): void {
    this.#grant(
      grantee,
      ['dynamodb:GetItem'],
      endpoints.flatMap(({ name, deployment }) => [
        `${name}#request#*`,
        ...(deployment ? [`${name}#deployment#*`] : []),
      ]),
    );
  }

  /** Lets a person list open requests, and close one by hand. A policy can't limit a scan to keys. */
  grantSettle(grantee: IGrantable & IConstruct, endpoints: readonly Endpoint[]): void {
    for (const endpoint of endpoints) this.grantUse(grantee, endpoint);
    this.grantScan(grantee);
  }

  /** Lets a function or a person scan the whole table, to count or list requests. */
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

/** Actions that DynamoDB takes on a customer's key for readers and writers. */
const keyActions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
