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
import type { Sender, Stage } from '../settings/stage.ts';

export interface ProvisionerBusProps {
  /** Whether the bus is made here. */
  readonly origin: Stage['bus'];
  readonly senders: readonly Sender[];
  readonly archiveDays: number;
}

/** The bus that brings requests and takes outcomes, and the archive of outcomes. */
export class ProvisionerBus extends Construct {
  readonly bus: IEventBus;
  readonly #origin: Stage['bus'];
  readonly #senders: readonly Sender[];
  /** What requests may come from. */
  readonly #sources: readonly string[];
  readonly #policy = new PolicyDocument();

  constructor(scope: Construct, id: string, { origin, senders, archiveDays }: ProvisionerBusProps) {
    super(scope, id);
    this.#origin = origin;
    this.#senders = senders;
    this.#sources = senders.flatMap(({ sources }) => sources);
    this.bus = origin === 'create' ? this.#created() : EventBus.fromEventBusArn(this, 'Bus', origin.arn);
    new Archive(this, 'Outcomes', {
      // CloudFormation's own could be longer than the 48 characters that EventBridge takes.
      archiveName: Stack.of(this).stackName,
      description: 'What became of requests to the PingOne Provisioner',
      sourceEventBus: this.bus,
      // Requests contain bodies with secrets of connectors: they are not archived.
      eventPattern: { source: [eventSources.outcome] },
      retention: Duration.days(archiveDays),
    });
  }

  /** The events that ask for an endpoint's create. */
  requests({ event }: Endpoint): EventPattern {
    const common = { source: [...this.#sources], detailType: [event] };
    if (this.#origin === 'create') return common;
    // On an existing bus nothing of ours pins a source to its account.
    return { ...common, account: [...new Set(this.#senders.map(({ account }) => account))] };
  }

  grantPublish(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [this.bus.eventBusArn] });
  }

  /**
   * Pins every source to its senders; no account may use another source. An existing bus keeps its own policy:
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
    // A bus has to have a name, and CDK's would be the same in every stage.
    const bus = new EventBus(this, 'Bus', { eventBusName: Stack.of(this).stackName });
    const { defaultChild } = bus.node;
    // CDK would make a resource of each statement, each with a warning of its own making.
    if (defaultChild instanceof CfnEventBus) defaultChild.policy = this.#policy;
    return bus;
  }

  #deny(conditions: Record<string, unknown>): void {
    this.#state({ effect: Effect.DENY, principals: [new AnyPrincipal()], conditions });
  }

  #state(statement: PolicyStatementProps): void {
    const stack = Stack.of(this);
    // A policy on the bus itself can't refer to it.
    const resource = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: stack.stackName });
    const common = { actions: ['events:PutEvents'], resources: [resource] };
    this.#policy.addStatements(new PolicyStatement({ ...common, ...statement }));
  }
}
