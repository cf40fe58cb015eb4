import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { offeredBy } from '../../documents/routes.ts';
import { CallerRole } from '../constructs/caller-role.ts';
import { EndpointDoors } from '../constructs/endpoint-doors.ts';
import { Monitoring } from '../constructs/monitoring.ts';
import { OpenRequestsGauge } from '../constructs/open-requests-gauge.ts';
import { OperatorRoles } from '../constructs/operator-roles.ts';
import { pascalCase } from '../constructs/pascal-case.ts';
import { ProvisionerApi } from '../constructs/provisioner-api.ts';
import { ProvisionerBus } from '../constructs/provisioner-bus.ts';
import { ProvisionerFunction } from '../constructs/provisioner-function.ts';
import { QueueKey } from '../constructs/queue-key.ts';
import { StageLogGroup } from '../constructs/stage-log-group.ts';
import { WebhookDoor } from '../constructs/webhook-door.ts';
import { callerSettings, type Stage } from '../settings/stage.ts';
import { addOutputs } from './service-outputs.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly stageName: string;
  readonly endpoints: readonly Endpoint[];
  /** The stack with ledger, credentials and key. */
  readonly state: StateStack;
}

/** The stack without state: the doors of each endpoint, the API and the bus. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stage, stageName, endpoints, state, ...props }: ServiceStackProps) {
    super(scope, id, { description: 'PingOne Provisioner: API, bus, queues and functions', ...props });
    // State publishes the parameters that this stack reads.
    this.addStackDependency(state);
    const { customerKey, ledger } = state;
    const encryptionKey = customerKey && Key.fromKeyArn(this, 'CustomerKey', customerKey.arn(this));
    const bus = new ProvisionerBus(this, 'Events', {
      origin: stage.bus,
      senders: stage.senders,
      archiveDays: stage.archiveDays,
    });
    const operators = new OperatorRoles(this, 'Operators', { operators: stage.operators, state });
    const queueKey = stage.customerKey ? new QueueKey(this, 'QueueKey') : undefined;
    const logGroup = new StageLogGroup(this, 'FunctionLogs', { stage, encryptionKey });
    const common = { stage, logGroup, state, bus, queueKey, operators };
    const doors = endpoints.map(
      (endpoint) => new EndpointDoors(this, pascalCase(endpoint.name), { ...common, endpoint }),
    );
    const webhooks =
      Object.keys(stage.webhooks).length > 0
        ? new WebhookDoor(this, 'Webhooks', { stage, doors, ledger, logGroup })
        : undefined;
    const accepting = webhooks ? [webhooks.function.role] : [];
    for (const door of doors) door.restrictAccess(accepting, operators);
    const deploying = doors.flatMap(({ deployments }) => deployments?.fromQueue.role ?? []);
    queueKey?.decryptOnlyBy([
      ...doors.flatMap(({ http, queue }) => [http.role, queue.role]),
      ...deploying,
      ...accepting,
      operators.redrive,
    ]);
    ledger.grantSettle(operators.settle, endpoints);
    bus.pinSources([...doors.map(({ queue }) => queue.role), ...deploying]);

    const environmentLookup = new ProvisionerFunction(this, 'EnvironmentLookup', {
      bundle: 'environment-lookup',
      description: 'Reads an environment of PingOne',
      environment: {
        PINGONE_SECRET_ID: state.sharedSecret.secretID(this),
        PINGONE_TIMEOUT_MS: stage.timings.attempt?.toString(),
        ...callerSettings(stage),
      },
      grants: stage.grants,
      logGroup,
    });
    state.sharedSecret.grantRead(environmentLookup);
    const requestStatus = new ProvisionerFunction(this, 'RequestStatus', {
      bundle: 'request-status',
      description: 'Returns the status of a request',
      environment: { LEDGER_TABLE: ledger.tableName(this), ...callerSettings(stage) },
      grants: stage.grants,
      logGroup,
    });
    ledger.grantReadRequests(requestStatus, endpoints);
    const notOffered = new ProvisionerFunction(this, 'NotOffered', {
      bundle: 'not-offered',
      description: 'Answers 403 to requests that the API does not offer',
      environment: { OFFERED: offeredBy(endpoints), DOCS_URL: stage.docsUrl },
      grants: undefined,
      logGroup,
    });
    const api = new ProvisionerApi(this, 'Http', {
      ...{ stage, doors, environmentLookup, requestStatus, notOffered, encryptionKey },
    });
    webhooks?.addRoutes(api);

    const gauge = new OpenRequestsGauge(this, 'OpenRequests', { ledger, logGroup });
    new Monitoring(this, 'Monitoring', {
      ...{ stage, stageName, api, doors, logGroup, encryptionKey },
      functions: {
        'environment-lookup': environmentLookup,
        'request-status': requestStatus,
        'not-offered': notOffered,
        'open-requests': gauge.function,
        ...(webhooks && { webhook: webhooks.function }),
      },
    });
    for (const { auth, basePath } of api.kinds) {
      for (const caller of auth.type === 'iam' ? auth.callers : []) {
        const role = new CallerRole(this, `${pascalCase(caller.name)}Caller`, {
          ...{ caller, grants: stage.grants, endpoints, api, basePath },
        });
        new CfnOutput(role, 'Arn', { value: role.roleArn, description: `The role of ${caller.name} for the API` });
      }
    }

    addOutputs(this, { endpoints, doors, api, bus, operators, hasWebhooks: webhooks !== undefined });
  }
}
