import { type HttpApi, HttpMethod, type HttpRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { lookupPath, otherMethods, otherPaths, routesOfEndpoint, statusPath } from '../../documents/routes.ts';
import type { CallerKind } from './caller-kind.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { pascalCase } from './pascal-case.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';

/** The functions behind an API. */
export interface ApiFunctions {
  readonly doors: readonly EndpointDoors[];
  /** Answers `GET /v1/environments/{environmentID}`. */
  readonly environmentLookup: ProvisionerFunction;
  /** Answers `GET /v1/requests/{id}`. */
  readonly requestStatus: ProvisionerFunction;
  /** Answers requests that the API does not offer. */
  readonly notOffered: ProvisionerFunction;
}

/** A method and path with the function behind it; `endpoint` is the one whose scopes it needs, or else any. */
interface Target {
  readonly methods: readonly (keyof typeof HttpMethod)[];
  readonly path: string;
  readonly integration: HttpRouteIntegration;
  readonly endpoint?: string;
}

/** For a function with several routes: one permission for all of them. */
const onePermission = { scopePermissionToRoute: false };

/** What the API offers. Kinds of callers share each integration. */
export const targetsOf = ({ doors, environmentLookup, requestStatus, notOffered }: ApiFunctions): readonly Target[] => {
  const lookup = new HttpLambdaIntegration('EnvironmentLookup', environmentLookup.function);
  const status = new HttpLambdaIntegration('RequestStatus', requestStatus.function);
  const other = new HttpLambdaIntegration('NotOffered', notOffered.function, onePermission);
  return [
    ...doors.flatMap(targetsOfEndpoint),
    // The function answers callers with any grant in the environment.
    { methods: ['GET'], path: lookupPath, integration: lookup },
    // Any caller may ask for a state; the function answers only for the caller's own requests.
    { methods: ['GET'], path: statusPath, integration: status },
    { methods: otherMethods, path: otherPaths, integration: other },
  ];
};

const targetsOfEndpoint = ({ endpoint, http, read, deployments }: EndpointDoors): readonly Target[] => {
  const { create, reads, deployment } = routesOfEndpoint(endpoint);
  const id = pascalCase(endpoint.name);
  const creating = new HttpLambdaIntegration(id, http.function);
  const reading = new HttpLambdaIntegration(`${id}Read`, read.function, onePermission);
  const deploying = deployments && new HttpLambdaIntegration(`${id}Deploy`, deployments.onCall.function, onePermission);
  const served = [
    { ...create, integration: creating },
    ...reads.map((route) => ({ ...route, integration: reading })),
    ...(deploying ? deployment.map((route) => ({ ...route, integration: deploying })) : []),
  ];
  return served.map(({ method, ...target }) => ({ ...target, methods: [method], endpoint: endpoint.name }));
};

/** Adds the routes for one kind of callers: its authorizer, and its base path before each path. */
export const addRoutes = (api: HttpApi, targets: readonly Target[], kind: CallerKind): void => {
  const { basePath, authorizer, scopesOf } = kind;
  const all = targets.flatMap(({ endpoint }) => (endpoint === undefined ? [] : [scopesOf(endpoint)]));
  const anyScope = all.some((scopes) => scopes.length === 0) ? [] : [...new Set(all.flat())];
  for (const { methods, path, integration, endpoint } of targets) {
    const scopes = endpoint === undefined ? anyScope : scopesOf(endpoint);
    api.addRoutes({
      path: basePath + path,
      methods: methods.map((method) => HttpMethod[method]),
      integration,
      authorizer,
      ...(scopes.length > 0 && { authorizationScopes: [...scopes] }),
    });
  }
};
