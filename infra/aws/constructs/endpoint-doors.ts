import { Stack, Token } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { GatewayError } from '../../../lib/problems.ts';
import { requestQueue } from '../../deployment.ts';
import type { Stage } from '../settings/stage.ts';
import type { EndpointOutput } from '../stacks/output-name.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import type { OperatorRoles } from './operator-roles.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { RequestQueue } from './request-queue.ts';

export interface EndpointDoorsProps {
  readonly endpoint: Endpoint;
  readonly stage: Stage;
  /** Where both functions log. */
  readonly logGroup: ILogGroup;
  /** Where ledger, credentials and key are. */
  readonly state: StateStack;
  readonly bus: ProvisionerBus;
  /** Encrypts messages; by default a key of SQS's. */
  readonly queueKey: IKey | undefined;
  readonly operators: OperatorRoles;
}

/** Both doors of one endpoint: its HTTP function, and the rule, queue and function that events go through. */
export class EndpointDoors extends Construct {
  readonly endpoint: Endpoint;
  readonly http: ProvisionerFunction<'http'>;
  readonly queue: ProvisionerFunction<'queue'>;
  readonly requests: RequestQueue;
  readonly rule: Rule;
  /** Of the bus that the rule is on. */
  readonly busName: string;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: EndpointDoorsProps) {
    super(scope, id);
    const { endpoint, stage, logGroup, state, bus, queueKey, operators } = props;
    const { ledger } = state;
    const secret = state.secretOf(endpoint);
    this.endpoint = endpoint;
    this.busName = bus.bus.eventBusName;
    this.requests = new RequestQueue(this, 'Requests', { name: queueName(this, endpoint), encryptionKey: queueKey });

    const environment = {
      ENDPOINT: endpoint.name,
      PINGONE_SECRET_ID: secret.secretID(this),
      LEDGER_TABLE: ledger.tableName(this),
      QUEUE_URL: this.requests.queue.queueUrl,
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
      environment: { ...environment, DOCS_URL: stage.docsUrl },
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
    for (const door of [this.http, this.queue]) {
      secret.grantRead(door);
      ledger.grantUse(door, endpoint);
    }
    this.requests.grantSend(this.http);
    this.requests.grantProcess(this.queue);
    this.requests.grantRedrive(operators.redrive);
    bus.grantPublish(this.queue);

    this.rule = new Rule(this, 'Rule', {
      description: `${endpoint.event} -> ${endpoint.name}`,
      eventBus: bus.bus,
      eventPattern: bus.requests(endpoint),
      targets: [this.requests],
    });
    this.requests.acceptOnlyFrom(this.rule, [this.http.role, operators.redrive]);
    this.requests.buryOnlyFrom(this.queue.role);
    this.requests.readOnlyBy({ queue: this.queue.role, deadLetters: operators.redrive });
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.queue.function,
      eventSourceArn: this.requests.queue.queueArn,
      batchSize: requestQueue.batchSize,
      reportBatchItemFailures: true,
      // Bounds what reaches PingOne; reserved concurrency would throttle, and each throttle counts as a receive.
      maxConcurrency: stage.queueConcurrency,
    });
    // Lambda looks whether the function may read the queue when the mapping is made.
    this.mapping.node.addDependency(this.queue.role);
    this.#grantStop(operators.stop);
  }

  /** What operators, and their tools, must find. */
  get outputs(): Readonly<Record<EndpointOutput, string>> {
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
    };
  }

  /** Grants the runbook's emergency stop. Lambda can't confine it to `Enabled`, nor to a concurrency of 0. */
  #grantStop(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      resourceArns: [this.mapping.eventSourceMappingArn],
      // A mapping can be given to another function.
      conditions: { ArnEquals: { 'lambda:FunctionArn': this.queue.function.functionArn } },
    });
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      resourceArns: [this.http.function.functionArn],
    });
  }
}

/** The longest name of a region, for one that only a deployment knows. */
const longestRegion = 'ap-southeast-1';

/** A name that the dead-letter queue can give as its only source. Throws NameTooLong. */
const queueName = (scope: Construct, { name }: Endpoint): string => {
  const { stackName, region } = Stack.of(scope);
  const longest = `${stackName}-${Token.isUnresolved(region) ? longestRegion : region}-${name}`;
  if (longest.length > 80) throw new NameTooLong(`SQS takes no name of more than 80 characters: ${longest}`);
  return `${stackName}-${region}-${name}`;
};

/** Thrown when the name of a stage leaves no room for the names of its queues. */
export class NameTooLong extends GatewayError {
  override readonly name = 'NameTooLong';
}
