import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { EndpointMetrics } from './endpoint-metrics.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { RequestQueue } from './request-queue.ts';
import type { Stage } from './stage.ts';
import type { StateStack } from './state-stack.ts';

export interface EndpointDoorsProps {
  readonly endpoint: Endpoint;
  readonly stage: Stage;
  readonly stageName: string;
  /** Where ledger, credentials and key are. */
  readonly state: StateStack;
  readonly bus: ProvisionerBus;
  /** Who may move messages from the dead-letter queue back. */
  readonly operator: IRole;
}

/** Both doors of one endpoint: its HTTP function, and the rule, queue and function that events go through. */
export class EndpointDoors extends Construct {
  readonly endpoint: Endpoint;
  readonly http: ProvisionerFunction<'http'>;
  readonly queue: ProvisionerFunction<'queue'>;
  readonly requests: RequestQueue;
  readonly rule: Rule;
  readonly metrics: EndpointMetrics;

  constructor(scope: Construct, id: string, props: EndpointDoorsProps) {
    super(scope, id);
    const { endpoint, stage, stageName, state, bus, operator } = props;
    const { encryptionKey, ledger } = state;
    const secret = state.secretOf(endpoint);
    this.endpoint = endpoint;
    this.requests = new RequestQueue(this, 'Requests', { encryptionKey });

    const environment = {
      ENDPOINT: endpoint.name,
      PINGONE_SECRET_ID: secret.secretID,
      LEDGER_TABLE: ledger.table.tableName,
      QUEUE_URL: this.requests.queue.queueUrl,
      UNKNOWN_MEMBERS: stage.unknownMembers,
      PINGONE_TIMEOUT_MS: stage.timings.attempt?.toString(),
      GRACE_ANSWERED_MS: stage.timings.graceAnswered?.toString(),
      GRACE_LOST_MS: stage.timings.graceLost?.toString(),
      KEYLESS_REPLAY_MS: stage.timings.keylessReplay?.toString(),
    };
    const { grants, logRetentionDays } = stage;
    const common = { memorySize: 1024, encryptionKey, grants, logRetentionDays };
    this.http = new ProvisionerFunction(this, 'Http', {
      ...common,
      bundle: 'http',
      description: `${endpoint.summary}: over HTTP`,
      environment: { ...environment, DOCS_URL: stage.docsUrl },
      // An HTTP API cuts at 30 s.
      timeout: Duration.seconds(28),
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
      timeout: Duration.seconds(60),
    });
    for (const door of [this.http, this.queue]) {
      secret.grantRead(door);
      ledger.grantUse(door, endpoint);
    }
    this.requests.grantSend(this.http);
    this.requests.grantProcess(this.queue);
    this.requests.grantRedrive(operator);
    bus.grantPublish(this.queue);

    this.rule = new Rule(this, 'Rule', {
      description: `${endpoint.event} -> ${endpoint.name}`,
      eventBus: bus.bus,
      eventPattern: { source: [...bus.sources], detailType: [endpoint.event] },
      targets: [this.requests],
    });
    this.requests.acceptOnlyFrom(this.rule, [this.http.role, operator]);
    this.requests.buryOnlyFrom(this.queue.role);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.queue.function,
      eventSourceArn: this.requests.queue.queueArn,
      reportBatchItemFailures: true,
      // Bounds what reaches PingOne; reserved concurrency would throttle, and each throttle counts as a receive.
      maxConcurrency: stage.queueConcurrency,
    });
    // Lambda looks whether the function may read the queue when the mapping is made.
    mapping.node.addDependency(this.queue.role);
    this.metrics = new EndpointMetrics(this, 'Metrics', {
      namespace: `PingOneProvisioner/${stageName}/${endpoint.name}`,
      logGroups: { Http: this.http.logGroup, Queue: this.queue.logGroup },
    });
  }
}
