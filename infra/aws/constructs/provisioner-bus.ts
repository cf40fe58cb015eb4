import { Duration, Stack } from 'aws-cdk-lib';
import { Archive, CfnEventBus, EventBus, type EventPattern, type IEventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  Grant,
  type IGrantable,
  type IRole,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { eventSources } from '../../../lib/contract.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Stage } from '../settings/stage.ts';

export interface ProvisionerBusProps {
  /** Whether this stack creates the bus. */
  readonly origin: Stage['bus'];
  readonly senders: Stage['senders'];
  readonly archiveDays: number;
}

/** The bus of requests and outcomes, and the archive of outcomes. */
export class ProvisionerBus extends Construct {
  readonly bus: IEventBus;
  readonly #origin: Stage['bus'];
  readonly #senders: Stage['senders'];
  /** The sources that may send requests. */
  readonly #sources: readonly string[];
  readonly #policy = new PolicyDocument();

  constructor(scope: Construct, id: string, { origin, senders, archiveDays }: ProvisionerBusProps) {
    super(scope, id);
    this.#origin = origin;
    this.#senders = senders;
    this.#sources = senders.flatMap(({ sources }) => sources);
    this.bus = origin === 'create' ? this.#created() : EventBus.fromEventBusArn(this, 'Bus', origin.arn);
    new Archive(this, 'Outcomes', {
      // CloudFormation's generated name could exceed EventBridge's maximum of 48 characters.
      archiveName: Stack.of(this).stackName,
      description: 'Outcomes of requests to the PingOne Provisioner',
      sourceEventBus: this.bus,
      // Requests are not archived: their bodies contain secrets of connectors.
      eventPattern: { source: [eventSources.outcome] },
      retention: Duration.days(archiveDays),
    });
  }

  /** The pattern of an endpoint's request events. */
  requests({ event }: Endpoint): EventPattern {
    const common = { source: [...this.#sources], detailType: [event] };
    if (this.#origin === 'create') return common;
    // On an existing bus the stage has no policy that binds a source to its account.
    return { ...common, account: [...new Set(this.#senders.map(({ account }) => account))] };
  }

  grantPublish(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [this.bus.eventBusArn] });
  }

  /**
   * Binds every source to its senders; no account may use another source. The policy of an existing bus is not changed:
   * its owner adds these statements.
   */
  pinSources(publishers: readonly IRole[]): void {
    for (const { account, sources } of this.#senders) {
      this.#state({
        principals: [new AccountPrincipal(account)],
        conditions: { 'ForAllValues:StringEquals': { 'events:source': sources }, Null: { 'events:source': 'false' } },
      });
      this.#deny({
        'ForAnyValue:StringEquals': { 'events:source': sources },
        StringNotEquals: { 'aws:PrincipalAccount': account },
      });
    }
    this.#deny({
      'ForAnyValue:StringEquals': { 'events:source': [eventSources.outcome] },
      ArnNotEquals: { 'aws:PrincipalArn': publishers.map(({ roleArn }) => roleArn) },
    });
    this.#deny({ 'ForAnyValue:StringNotEquals': { 'events:source': [...this.#sources, eventSources.outcome] } });
  }

  #created(): EventBus {
    // A bus needs a name, and CDK's would be the same in every stage.
    const bus = new EventBus(this, 'Bus', { eventBusName: Stack.of(this).stackName });
    const { defaultChild } = bus.node;
    // CDK would create a resource for each statement, each with a warning.
    if (defaultChild instanceof CfnEventBus) defaultChild.policy = this.#policy;
    return bus;
  }

  #deny(conditions: Record<string, unknown>): void {
    this.#state({ effect: Effect.DENY, principals: [new AnyPrincipal()], conditions });
  }

  #state(statement: PolicyStatementProps): void {
    const stack = Stack.of(this);
    // The policy of a bus can't refer to the bus itself.
    const resource = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: stack.stackName });
    const common = { actions: ['events:PutEvents'], resources: [resource] };
    this.#policy.addStatements(new PolicyStatement({ ...common, ...statement }));
  }
}
