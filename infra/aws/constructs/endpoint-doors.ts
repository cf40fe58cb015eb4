import { Rule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { callerSettings, type Stage } from '../settings/stage.ts';
import type { EndpointOutput } from '../stacks/output-name.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import { EndpointDeployments } from './endpoint-deployments.ts';
import type { OperatorRoles } from './operator-roles.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { denyOtherReaders, restrictAccess } from './queue-access.ts';
import { deploySuffix, queueName } from './queue-name.ts';
import { RequestQueue } from './request-queue.ts';

export interface EndpointDoorsProps {
  readonly endpoint: Endpoint;
  readonly stage: Stage;
  /** The log group of both functions. */
  readonly logGroup: ILogGroup;
  /** The stack with ledger, credentials and key. */
  readonly state: StateStack;
  readonly bus: ProvisionerBus;
  /** Encrypts messages; by default SQS's own key. */
  readonly queueKey: IKey | undefined;
  readonly operators: OperatorRoles;
}

/** Both doors of one endpoint: its HTTP functions (create, read, deploy), and its event rule, queue and queue function. */
export class EndpointDoors extends Construct {
  readonly endpoint: Endpoint;
  readonly http: ProvisionerFunction<'http'>;
  readonly queue: ProvisionerFunction<'queue'>;
  /** Reads what the endpoint creates: it has the secret, and neither ledger nor queue. */
  readonly read: ProvisionerFunction<'read'>;
  /** Deploys what the endpoint creates, if PingOne needs that. */
  readonly deployments: EndpointDeployments | undefined;
  readonly requests: RequestQueue;
  readonly rule: Rule;
  /** The rule's bus. */
  readonly busName: string;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: EndpointDoorsProps) {
    super(scope, id);
    const { endpoint, stage, logGroup, state, bus, queueKey, operators } = props;
    const { ledger } = state;
    const secret = state.secretOf(endpoint);
    this.endpoint = endpoint;
    this.busName = bus.bus.eventBusName;
    const name = queueName(this, endpoint);
    this.requests = new RequestQueue(this, 'Requests', { name, encryptionKey: queueKey });
    this.deployments =
      endpoint.deployment &&
      new EndpointDeployments(this, 'Deployments', {
        ...{ endpoint, stage, logGroup, state, bus, operators },
        name: name + deploySuffix,
        encryptionKey: queueKey,
      });

    const environment = {
      ENDPOINT: endpoint.name,
      PINGONE_SECRET_ID: secret.secretID(this),
      LEDGER_TABLE: ledger.tableName(this),
      QUEUE_URL: this.requests.queue.queueUrl,
      DEPLOY_QUEUE_URL: this.deployments?.pending.queue.queueUrl,
      DEPLOY_DELAY_MS: this.deployments && stage.timings.deployDelay?.toString(),
      UNKNOWN_MEMBERS: stage.unknownMembers,
      PINGONE_TIMEOUT_MS: stage.timings.attempt?.toString(),
      GRACE_ANSWERED_MS: stage.timings.graceAnswered?.toString(),
      GRACE_LOST_MS: stage.timings.graceLost?.toString(),
      KEYLESS_REPLAY_MS: stage.timings.keylessReplay?.toString(),
    };
    const common = { grants: stage.grants, logGroup };
    this.http = new ProvisionerFunction(this, 'Http', {
      ...common,
      bundle: 'http',
      description: `${endpoint.summary}: over HTTP`,
      environment: { ...environment, ...callerSettings(stage) },
    });
    this.queue = new ProvisionerFunction(this, 'Queue', {
      ...common,
      bundle: 'queue',
      description: `${endpoint.summary}: from its queue`,
      environment: {
        ...environment,
        DEAD_LETTER_QUEUE_URL: this.requests.deadLetters.queueUrl,
        EVENT_BUS_NAME: bus.bus.eventBusName,
      },
    });
    this.read = new ProvisionerFunction(this, 'Read', {
      ...common,
      bundle: 'read',
      description: `${endpoint.summary}: reads of it`,
      environment: {
        ENDPOINT: endpoint.name,
        PINGONE_SECRET_ID: environment.PINGONE_SECRET_ID,
        PINGONE_TIMEOUT_MS: environment.PINGONE_TIMEOUT_MS,
        ...callerSettings(stage),
      },
    });
    secret.grantRead(this.read);
    for (const door of [this.http, this.queue]) {
      secret.grantRead(door);
      ledger.grantUse(door, endpoint);
    }
    this.requests.grantSend(this.http);
    this.mapping = this.requests.feed(this, this.queue, stage.queueConcurrency);
    this.requests.grantRedrive(operators.redrive);
    bus.grantPublish(this.queue);

    this.rule = new Rule(this, 'Rule', {
      description: `${endpoint.event} -> ${endpoint.name}`,
      eventBus: bus.bus,
      eventPattern: bus.requests(endpoint),
      targets: [this.requests],
    });
    operators.grantStop(this.mapping, this.queue, this.http);
    this.deployments?.acceptFrom(this.http, this.queue);
  }

  /** Denies the queues to all other identities. `accepting`: further roles that send. */
  restrictAccess(accepting: readonly IRole[], { redrive }: OperatorRoles): void {
    const senders = [this.http.role, ...accepting];
    restrictAccess(this.requests, { senders, rule: this.rule, receiver: this.queue.role, redrive });
    denyOtherReaders(this.requests.undelivered, redrive);
  }

  /** Outputs for operators and their tools. */
  get outputs(): Readonly<Partial<Record<EndpointOutput, string>>> {
    const { queue, deadLetters, undelivered } = this.requests;
    return {
      QueueUrl: queue.queueUrl,
      QueueArn: queue.queueArn,
      DeadLettersUrl: deadLetters.queueUrl,
      DeadLettersArn: deadLetters.queueArn,
      UndeliveredUrl: undelivered.queueUrl,
      MappingId: this.mapping.eventSourceMappingId,
      HttpFunctionName: this.http.function.functionName,
      QueueFunctionName: this.queue.function.functionName,
      ...this.deployments?.outputs,
    };
  }
}
