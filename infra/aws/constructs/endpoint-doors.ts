import { Stack, Token } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { GatewayError } from '../../../lib/problems.ts';
import { requestQueue } from '../../deployment.ts';
import { type Stage, tokenRoles } from '../settings/stage.ts';
import type { EndpointOutput } from '../stacks/output-name.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import { EndpointDeployments } from './endpoint-deployments.ts';
import type { OperatorRoles } from './operator-roles.ts';
import type { ProvisionerBus } from './provisioner-bus.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { RequestQueue } from './request-queue.ts';
import { restrictAccess } from './request-queue-access.ts';

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
  #deployMapping: EventSourceMapping | undefined;

  constructor(scope: Construct, id: string, props: EndpointDoorsProps) {
    super(scope, id);
    const { endpoint, stage, logGroup, state, bus, queueKey, operators } = props;
    const { ledger } = state;
    const secret = state.secretOf(endpoint);
    this.endpoint = endpoint;
    this.busName = bus.bus.eventBusName;
    this.requests = new RequestQueue(this, 'Requests', { name: queueName(this, endpoint), encryptionKey: queueKey });

    const overHttp = { DOCS_URL: stage.docsUrl, TOKEN_ROLES: tokenRoles(stage) };
    const name = `${queueName(this, endpoint)}${deploySuffix}`;
    const deploying = { endpoint, stage, logGroup, state, bus, overHttp, name, encryptionKey: queueKey };
    this.deployments = endpoint.deployment && new EndpointDeployments(this, 'Deployments', deploying);

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
      environment: { ...environment, ...overHttp },
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
        ...overHttp,
      },
    });
    secret.grantRead(this.read);
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
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.queue.function,
      eventSourceArn: this.requests.queue.queueArn,
      batchSize: requestQueue.batchSize,
      reportBatchItemFailures: true,
      // Limits the load on PingOne; reserved concurrency would throttle, and each throttled receive counts.
      maxConcurrency: stage.queueConcurrency,
    });
    // Lambda checks at the mapping's creation whether the function may read the queue.
    this.mapping.node.addDependency(this.queue.role);
    this.#grantStop(operators.stop, this.mapping, this.queue, this.http);
    if (this.deployments) {
      const { onCall, fromQueue: receiver, pending } = this.deployments;
      const users = { senders: [this.http, this.queue], receiver, redrive: operators.redrive };
      this.#deployMapping = pending.serve(users, stage.queueConcurrency);
      this.#grantStop(operators.stop, this.#deployMapping, receiver, onCall);
    }
  }

  /** Denies the queues to all other identities. `webhook`: the role of the function for webhooks. */
  restrictAccess(webhook: IRole | undefined, { redrive }: OperatorRoles): void {
    const accepting = [this.http.role, ...(webhook ? [webhook] : [])];
    restrictAccess(this.requests, { rule: this.rule, accepting, queue: this.queue.role, redrive });
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
      ...(this.deployments &&
        this.#deployMapping && {
          DeployMappingId: this.#deployMapping.eventSourceMappingId,
          DeployFunctionName: this.deployments.onCall.function.functionName,
        }),
    };
  }

  /** Grants the runbook's emergency stop. IAM can't limit it to `Enabled`, nor to a concurrency of 0. */
  #grantStop(
    grantee: IGrantable,
    mapping: EventSourceMapping,
    fromQueue: ProvisionerFunction,
    overHttp: ProvisionerFunction,
  ): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      resourceArns: [mapping.eventSourceMappingArn],
      // UpdateEventSourceMapping can also change the function.
      conditions: { ArnEquals: { 'lambda:FunctionArn': fromQueue.function.functionArn } },
    });
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      resourceArns: [overHttp.function.functionArn],
    });
  }
}

/** The longest name of a region, in place of one that is known only at deployment. */
const longestRegion = 'ap-southeast-1';

/** Ends the name of the queue of pending deployments. */
const deploySuffix = '-deploy';

/** A fixed name, which the dead-letter queue's policy refers to. @throws NameTooLong */
const queueName = (scope: Construct, { name, deployment }: Endpoint): string => {
  const { stackName, region } = Stack.of(scope);
  const suffix = deployment ? deploySuffix : '';
  const longest = `${stackName}-${Token.isUnresolved(region) ? longestRegion : region}-${name}${suffix}`;
  if (longest.length > 80) throw new NameTooLong(`SQS takes no name of more than 80 characters: ${longest}`);
  return `${stackName}-${region}-${name}`;
};

/** Thrown if a stage's name makes the names of its queues too long. */
export class NameTooLong extends GatewayError {
  override readonly name = 'NameTooLong';
}
