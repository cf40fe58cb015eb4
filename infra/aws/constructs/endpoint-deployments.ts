import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Stage } from '../settings/stage.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import type { DeadLetteredQueueProps } from './dead-lettered-queue.ts';
import { PendingDeploymentQueue } from './pending-deployment-queue.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';

export interface EndpointDeploymentsProps extends DeadLetteredQueueProps {
  readonly endpoint: Endpoint;
  readonly stage: Stage;
  readonly logGroup: ILogGroup;
  /** The stack with ledger and credentials. */
  readonly state: StateStack;
  readonly bus: ProvisionerBus;
  /** Settings of functions that answer over HTTP. */
  readonly overHttp: { readonly DOCS_URL: string; readonly TOKEN_ROLES: string | undefined };
}

/**
 * The functions that deploy what an endpoint creates: on call, and from the queue of pending deployments. Both have the
 * secret, and of the ledger only the items of deployments.
 */
export class EndpointDeployments extends Construct {
  readonly onCall: ProvisionerFunction<'deploy'>;
  readonly fromQueue: ProvisionerFunction<'deploy-queue'>;
  readonly pending: PendingDeploymentQueue;

  constructor(scope: Construct, id: string, props: EndpointDeploymentsProps) {
    super(scope, id);
    const { endpoint, stage, logGroup, state, bus, overHttp, name, encryptionKey } = props;
    const secret = state.secretOf(endpoint);
    this.pending = new PendingDeploymentQueue(this, 'Pending', { name, encryptionKey });
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
      environment: { ...environment, ...overHttp },
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
  }
}
