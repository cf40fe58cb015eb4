import { type HttpApi, HttpMethod, type HttpRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
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
export const targetsOf = ({ doors, environmentLookup, requestStatus, notOffered }: ApiFunctions): readonly Target[] => [
  ...doors.flatMap(({ endpoint, http, read, deployments }): Target[] => {
    const { create, reads } = routesOfEndpoint(endpoint);
    const id = pascalCase(endpoint.name);
    const reading = new HttpLambdaIntegration(`${id}Read`, read.function, onePermission);
    return [
      {
        methods: [create.method],
        path: create.path,
        integration: new HttpLambdaIntegration(id, http.function),
        endpoint: endpoint.name,
      },
      ...reads.map(({ method, path }) => ({ methods: [method], path, integration: reading, endpoint: endpoint.name })),
      ...(deployments ? deploymentTargets(endpoint, deployments.onCall) : []),
    ];
  }),
  // The function answers callers with any grant in the environment.
  {
    methods: ['GET'],
    path: lookupPath,
    integration: new HttpLambdaIntegration('EnvironmentLookup', environmentLookup.function),
  },
  // Any caller may ask for a state; the function answers only for the caller's own requests.
  {
    methods: ['GET'],
    path: statusPath,
    integration: new HttpLambdaIntegration('RequestStatus', requestStatus.function),
  },
  {
    methods: otherMethods,
    path: otherPaths,
    integration: new HttpLambdaIntegration('NotOffered', notOffered.function, onePermission),
  },
];

const deploymentTargets = (endpoint: Endpoint, { function: deploy }: ProvisionerFunction): readonly Target[] => {
  const integration = new HttpLambdaIntegration(`${pascalCase(endpoint.name)}Deploy`, deploy, onePermission);
  const { deployment } = routesOfEndpoint(endpoint);
  return deployment.map(({ method, path }) => ({ methods: [method], path, integration, endpoint: endpoint.name }));
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
