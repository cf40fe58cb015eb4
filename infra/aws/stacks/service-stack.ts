import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { offeredBy } from '../../documents/routes.ts';
import type { CallerKind } from '../constructs/caller-kind.ts';
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
import { type Stage, tokenRoles } from '../settings/stage.ts';
import { deploymentOutputs, endpointOutputs, outputName } from './output-name.ts';
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
    for (const door of doors) door.restrictAccess(webhooks?.function.role, operators);
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
        DOCS_URL: stage.docsUrl,
        TOKEN_ROLES: tokenRoles(stage),
      },
      grants: stage.grants,
      logGroup,
    });
    state.sharedSecret.grantRead(environmentLookup);
    const requestStatus = new ProvisionerFunction(this, 'RequestStatus', {
      bundle: 'request-status',
      description: 'Returns the status of a request',
      environment: { LEDGER_TABLE: ledger.tableName(this), DOCS_URL: stage.docsUrl, TOKEN_ROLES: tokenRoles(stage) },
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

    for (const { endpoint, outputs } of doors) {
      for (const name of [...endpointOutputs, ...deploymentOutputs]) {
        const value = outputs[name];
        if (value !== undefined) new CfnOutput(this, outputName(endpoint.name, name), { value });
      }
    }
    for (const [index, kind] of api.kinds.entries()) {
      const of = index === 0 ? '' : pascalCase(kind.auth.type);
      const whose = index === 0 ? '' : ` of callers of the kind ${kind.auth.type}`;
      const call = exampleCall(kind, endpoints);
      new CfnOutput(this, `${of}ApiPath`, { value: kind.apiPath, description: `PingOne's apiPath, with /v1${whose}` });
      new CfnOutput(this, `${of}ApiHost`, { value: kind.apiHost, description: `The same without /v1${whose}` });
      new CfnOutput(this, `${of}ExampleCall`, { value: call, description: `A first create${whose}` });
    }
    if (webhooks) {
      const description = 'The URL of each source of webhooks, without / and its name';
      new CfnOutput(this, 'WebhooksUrl', { value: `${api.apiHost}/v1/webhooks`, description });
    }
    new CfnOutput(this, 'BusName', { value: bus.bus.eventBusName });
    new CfnOutput(this, 'BusArn', { value: bus.bus.eventBusArn });
    for (const [duty, role] of Object.entries({
      Redrive: operators.redrive,
      Settle: operators.settle,
      Stop: operators.stop,
    }))
      new CfnOutput(this, `${duty}RoleArn`, { value: role.roleArn });
    if (api.domain) {
      const { regionalDomainName } = api.domain;
      new CfnOutput(this, 'CustomDomainTarget', {
        value: regionalDomainName,
        description: 'The target of the DNS record',
      });
    }
  }
}

const exampleCall = ({ apiPath, auth }: CallerKind, endpoints: readonly Endpoint[]): string => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const { path, example } = endpoint;
  const filled = fillPath(path, example.parameters);
  const authorization =
    auth.type === 'jwt'
      ? '-H "Authorization: Bearer $accessToken"'
      : '--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"';
  return `curl ${apiPath}${filled} ${authorization} -H 'Content-Type: application/json' -d '${JSON.stringify(example.body)}'`;
};
