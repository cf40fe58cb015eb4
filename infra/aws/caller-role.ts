import { Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { AccountPrincipal, Grant, type IPrincipal, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { endpoints } from '../../lib/endpoints/index.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import type { Caller } from './stage.ts';

export interface CallerRoleProps {
  readonly caller: Caller;
  readonly api: ProvisionerApi;
}

/**
 * What one IAM caller assumes to call the API: exactly its endpoints in exactly its environments. HTTP APIs have no
 * resource policy, so that callers of other accounts assume it too.
 */
export class CallerRole extends Role {
  constructor(scope: Construct, id: string, { caller, api }: CallerRoleProps) {
    super(scope, id, {
      description: `Calls the PingOne Provisioner: ${caller.name}`,
      assumedBy: principalOf(scope, caller),
    });
    const chosen = endpoints.filter(({ name }) => caller.endpoints.includes(name));
    const creates = caller.environments.flatMap((environment) =>
      chosen.map(({ path }) => api.arnFor(HttpMethod.POST, `/v1${within(environment, path)}`)),
    );
    const status = api.arnFor(HttpMethod.GET, '/v1/requests/*');
    Grant.addToPrincipal({ grantee: this, actions: ['execute-api:Invoke'], resourceArns: [...creates, status] });
    for (const arn of creates) {
      acknowledgeWildcard(this, arn, 'The parts of a path below the environment are the API servers in it.');
    }
    acknowledgeWildcard(this, status, 'Ids of requests are hashes; the function shows each caller its own alone.');
  }
}

/** A path with its environment filled in, and every other parameter open. */
const within = (environment: string, path: string): string =>
  path.replace('{environmentID}', environment).replace(/\{\w+\}/g, '*');

const principalOf = (scope: Construct, { trust }: Caller): IPrincipal => {
  if ('account' in trust) return new AccountPrincipal(trust.account);
  const { issuer, audience, subject } = trust.oidc;
  const provider = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'oidc-provider',
    resourceName: issuer,
  });
  return new WebIdentityPrincipal(provider, {
    StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subject },
  });
};
