import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import type { CallerKind } from '../constructs/caller-kind.ts';
import type { EndpointDoors } from '../constructs/endpoint-doors.ts';
import type { OperatorRoles } from '../constructs/operator-roles.ts';
import { pascalCase } from '../constructs/pascal-case.ts';
import type { ProvisionerApi } from '../constructs/provisioner-api.ts';
import type { ProvisionerBus } from '../constructs/provisioner-bus.ts';
import { deploymentOutputs, endpointOutputs, outputName } from './output-name.ts';

export interface ServiceOutputs {
  readonly endpoints: readonly Endpoint[];
  readonly doors: readonly EndpointDoors[];
  readonly api: ProvisionerApi;
  readonly bus: ProvisionerBus;
  readonly operators: OperatorRoles;
  readonly hasWebhooks: boolean;
}

/** Adds the outputs of the service stack: addresses for callers and senders, names and ARNs for operators and their tools. */
export const addOutputs = (
  stack: Stack,
  { endpoints, doors, api, bus, operators, hasWebhooks }: ServiceOutputs,
): void => {
  for (const { endpoint, outputs } of doors) {
    for (const name of [...endpointOutputs, ...deploymentOutputs]) {
      const value = outputs[name];
      if (value !== undefined) new CfnOutput(stack, outputName(endpoint.name, name), { value });
    }
  }
  for (const [index, kind] of api.kinds.entries()) {
    const of = index === 0 ? '' : pascalCase(kind.auth.type);
    const whose = index === 0 ? '' : ` of callers of the kind ${kind.auth.type}`;
    const call = exampleCall(kind, endpoints);
    new CfnOutput(stack, `${of}ApiPath`, { value: kind.apiPath, description: `PingOne's apiPath, with /v1${whose}` });
    new CfnOutput(stack, `${of}ApiHost`, { value: kind.apiHost, description: `The same without /v1${whose}` });
    new CfnOutput(stack, `${of}ExampleCall`, { value: call, description: `A first create${whose}` });
  }
  if (hasWebhooks) {
    const description = 'The URL of each source of webhooks, without / and its name';
    new CfnOutput(stack, 'WebhooksUrl', { value: `${api.apiHost}/v1/webhooks`, description });
  }
  new CfnOutput(stack, 'BusName', { value: bus.bus.eventBusName });
  new CfnOutput(stack, 'BusArn', { value: bus.bus.eventBusArn });
  for (const duty of ['redrive', 'settle', 'stop'] as const)
    new CfnOutput(stack, `${pascalCase(duty)}RoleArn`, { value: operators[duty].roleArn });
  if (api.domain) {
    const description = 'The target of the DNS record';
    new CfnOutput(stack, 'CustomDomainTarget', { value: api.domain.regionalDomainName, description });
  }
};

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
