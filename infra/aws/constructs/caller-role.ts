import { Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { AccountPrincipal, Grant, type IPrincipal, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Grants } from '../../../lib/grants/document.ts';
import { GatewayError } from '../../../lib/problems.ts';
import { lookupPath, routesOfEndpoint } from '../../documents/routes.ts';
import type { Caller } from '../settings/stage-auth.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';
import type { ProvisionerApi } from './provisioner-api.ts';

export interface CallerRoleProps {
  readonly caller: Caller;
  readonly grants: Grants;
  readonly endpoints: readonly Endpoint[];
  readonly api: ProvisionerApi;
  /** Of IAM callers: before `/v1` in each path. */
  readonly basePath: string;
}

/**
 * The role that one IAM caller assumes to call the API: exactly the endpoints and environments of its grants.
 * HTTP APIs have no resource policy, so callers in other accounts assume it, too. Its name is fixed: the grants
 * refer to it.
 */
export class CallerRole extends Role {
  constructor(scope: Construct, id: string, { caller, grants, endpoints, api, basePath }: CallerRoleProps) {
    const roleName = nameOf(scope, caller);
    const granted = grants.callers.find(({ name }) => name === caller.name);
    if (granted && !granted.principals.some(({ iam }) => iam?.role === roleName)) {
      throw new PrincipalMissing(
        `The caller ${caller.name} of the grants needs the principal of its role ${roleName}.`,
      );
    }
    super(scope, id, {
      roleName,
      description: `Calls the PingOne Provisioner: ${caller.name}`,
      assumedBy: principalOf(scope, caller),
    });
    const allowed = granted?.grants ?? [];
    const lookups = allowed.flatMap(({ environments }) =>
      environments.map((id) => api.arnFor(HttpMethod.GET, basePath + within(id, lookupPath))),
    );
    const calls = allowed.flatMap(({ actions = ['create'], deploy = [], environments, endpoints: names }) =>
      endpoints
        .filter(({ name }) => names.includes(name))
        .flatMap((endpoint) => {
          const { create, reads, deployment } = routesOfEndpoint(endpoint);
          return [
            ...(actions.includes('create') ? [create] : []),
            ...(actions.includes('read') ? [...reads, ...deployment.filter(({ method }) => method === 'GET')] : []),
            ...(deploy.includes('call') ? deployment : []),
          ];
        })
        .flatMap(({ method, path }) =>
          environments.map((id) => api.arnFor(HttpMethod[method], basePath + within(id, path))),
        ),
    );
    const own = [...new Set(calls)];
    const status = api.arnFor(HttpMethod.GET, `${basePath}/v1/requests/*`);
    Grant.addToPrincipal({
      grantee: this,
      actions: ['execute-api:Invoke'],
      resourceArns: [...own, ...new Set(lookups), status],
    });
    for (const arn of own) {
      acknowledgeWildcard(
        this,
        arn,
        'The parts of a path below the environment are the API servers and resources in it.',
      );
    }
    acknowledgeWildcard(this, status, 'Ids of requests are hashes; the function shows each caller its own alone.');
  }
}

/** Thrown if the grants name a caller without the role that the deployment creates for it. */
export class PrincipalMissing extends GatewayError {
  override readonly name = 'PrincipalMissing';
}

/** IAM's maximum length of a role name. */
const longestName = 64;

/** Contains the region: roles are global, and a stage may be deployed in two regions. @throws RoleNameTooLong */
const nameOf = (scope: Construct, { name }: Caller): string => {
  const { stackName, region } = Stack.of(scope);
  const roleName = `${stackName}-${region}-${name}`;
  if (roleName.length <= longestName) return roleName;
  throw new RoleNameTooLong(
    `The role ${roleName} of the caller ${name} has ${roleName.length} characters, and IAM takes ${longestName}: shorten the caller's or the stage's name.`,
  );
};

/** Thrown if the name of a caller's role is too long for IAM. */
export class RoleNameTooLong extends GatewayError {
  override readonly name = 'RoleNameTooLong';
}

/** A path with a given environment and a wildcard for every other parameter. */
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
