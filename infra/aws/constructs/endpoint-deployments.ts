import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { deployQueue } from '../../deployment.ts';
import { callerSettings, type Stage } from '../settings/stage.ts';
import type { EndpointOutput } from '../stacks/output-name.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import { DeadLetteredQueue, type DeadLetteredQueueProps } from './dead-lettered-queue.ts';
import type { OperatorRoles } from './operator-roles.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { restrictAccess } from './queue-access.ts';

export interface EndpointDeploymentsProps extends DeadLetteredQueueProps {
  readonly endpoint: Endpoint;
  readonly stage: Stage;
  readonly logGroup: ILogGroup;
  /** The stack with ledger and credentials. */
  readonly state: StateStack;
  readonly bus: ProvisionerBus;
  readonly operators: OperatorRoles;
}

/**
 * The functions that deploy what an endpoint creates: on call, and from the queue of pending deployments. Both have the
 * secret, and of the ledger only the items of deployments.
 */
export class EndpointDeployments extends Construct {
  readonly onCall: ProvisionerFunction<'deploy'>;
  readonly fromQueue: ProvisionerFunction<'deploy-queue'>;
  /** The queue of pending deployments: a deployment takes up to 45 s, which must not delay creates. */
  readonly pending: DeadLetteredQueue;
  readonly #mapping: EventSourceMapping;
  readonly #operators: OperatorRoles;

  constructor(scope: Construct, id: string, props: EndpointDeploymentsProps) {
    super(scope, id);
    const { endpoint, stage, logGroup, state, bus, operators, name, encryptionKey } = props;
    const secret = state.secretOf(endpoint);
    this.#operators = operators;
    const limits = { ...deployQueue, retentionDays: 14 };
    this.pending = new DeadLetteredQueue(this, 'Pending', { name, encryptionKey }, limits);
    const environment = {
      ENDPOINT: endpoint.name,
      PINGONE_SECRET_ID: secret.secretID(this),
      LEDGER_TABLE: state.ledger.tableName(this),
      PINGONE_TIMEOUT_MS: stage.timings.attempt?.toString(),
    };
    const common = { grants: stage.grants, logGroup };
    this.onCall = new ProvisionerFunction(this, 'OnCall', {
      ...common,
      bundle: 'deploy',
      description: `${endpoint.summary}: deployment on call`,
      environment: { ...environment, ...callerSettings(stage) },
    });
    this.fromQueue = new ProvisionerFunction(this, 'FromQueue', {
      ...common,
      bundle: 'deploy-queue',
      description: `${endpoint.summary}: deployment after it`,
      environment: {
        ...environment,
        QUEUE_URL: this.pending.queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: this.pending.deadLetters.queueUrl,
        EVENT_BUS_NAME: bus.bus.eventBusName,
      },
    });
    for (const each of [this.onCall, this.fromQueue]) {
      secret.grantRead(each);
      state.ledger.grantDeployments(each, endpoint);
    }
    bus.grantPublish(this.fromQueue);
    this.#mapping = this.pending.feed(this, this.fromQueue, stage.queueConcurrency);
    this.pending.grantRedrive(operators.redrive);
    operators.grantStop(this.#mapping, this.fromQueue, this.onCall);
  }

  /** Lets exactly these functions add pending deployments. */
  acceptFrom(...senders: readonly ProvisionerFunction[]): void {
    for (const sender of senders) this.pending.grantSend(sender);
    restrictAccess(this.pending, {
      senders: senders.map(({ role }) => role),
      receiver: this.fromQueue.role,
      redrive: this.#operators.redrive,
    });
  }

  get outputs(): Readonly<Partial<Record<EndpointOutput, string>>> {
    return {
      DeployMappingId: this.#mapping.eventSourceMappingId,
      DeployFunctionName: this.onCall.function.functionName,
    };
  }
}
