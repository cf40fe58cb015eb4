import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { cors as corsFacts } from '../../documents/openapi/cors.ts';
import { otherMethods, otherPaths, routesOfEndpoint, statusPath } from '../../documents/routes.ts';
import type { Stage } from '../settings/stage.ts';
import { AccessLog } from './access-log.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { pascalCase } from './pascal-case.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';

/** For a function with several routes: one permission for all of them. */
const onePermission = { scopePermissionToRoute: false };

export interface ProvisionerApiProps {
  readonly stage: Stage;
  readonly doors: readonly EndpointDoors[];
  /** Answers `GET /v1/requests/{id}`. */
  readonly requestStatus: ProvisionerFunction;
  /** Answers whatever the API does not offer. */
  readonly notOffered: ProvisionerFunction;
  readonly encryptionKey: IKey | undefined;
}

/** The HTTP API: a route for each endpoint, with the stage's authorizer. */
export class ProvisionerApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly accessLog: AccessLog;
  /** Replaces PingOne's `apiPath` in documentation with `{{apiPath}}/v1/environments`. */
  readonly apiHost: string;
  /** Replaces PingOne's `apiPath` in documentation with `{{apiPath}}/environments`. */
  readonly apiPath: string;
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, props: ProvisionerApiProps) {
    super(scope, id);
    const { stage, doors, requestStatus, notOffered, encryptionKey } = props;
    const { auth, cors, domain, throttling } = stage;
    this.domain =
      domain &&
      new DomainName(this, 'Domain', {
        domainName: domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      });
    this.api = new HttpApi(this, 'Api', {
      description: 'PingOne Provisioner',
      createDefaultStage: false,
      disableExecuteApiEndpoint: domain !== undefined,
      corsPreflight: cors && {
        allowOrigins: cors.origins,
        allowMethods: corsFacts.methods.map((method) => CorsHttpMethod[method]),
        allowHeaders: [...corsFacts.requestHeaders],
        exposeHeaders: [...corsFacts.responseHeaders],
        maxAge: Duration.seconds(corsFacts.maxAgeSeconds),
      },
    });
    this.accessLog = new AccessLog(this, 'AccessLog', { stage, encryptionKey });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: throttling.rate, burstLimit: throttling.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: this.accessLog.settings,
      domainMapping: this.domain && { domainName: this.domain },
    });
    this.apiHost = domain ? `https://${domain.name}` : this.api.apiEndpoint;
    this.apiPath = `${this.apiHost}/v1`;

    const authorizer: IHttpRouteAuthorizer =
      auth.type === 'iam'
        ? new HttpIamAuthorizer()
        : new HttpJwtAuthorizer('Jwt', auth.issuer, { jwtAudience: auth.audience });
    const scopesOf = (name: string) => (auth.type === 'jwt' ? (auth.routeScopes[name] ?? auth.scopes) : undefined);
    for (const { endpoint, http, read } of doors) {
      const { create, reads } = routesOfEndpoint(endpoint);
      this.api.addRoutes({
        path: create.path,
        methods: [HttpMethod[create.method]],
        integration: new HttpLambdaIntegration(pascalCase(endpoint.name), http.function),
        authorizer,
        authorizationScopes: scopesOf(endpoint.name),
      });
      const integration = new HttpLambdaIntegration(`${pascalCase(endpoint.name)}Read`, read.function, onePermission);
      for (const { method, path } of reads) {
        this.api.addRoutes({
          path,
          methods: [HttpMethod[method]],
          integration,
          authorizer,
          authorizationScopes: scopesOf(endpoint.name),
        });
      }
    }
    // Any caller may ask for a state; the function answers only for the caller's own requests.
    const anyScope =
      auth.type === 'jwt' ? [...new Set(doors.flatMap(({ endpoint }) => scopesOf(endpoint.name) ?? []))] : undefined;
    this.api.addRoutes({
      path: statusPath,
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('RequestStatus', requestStatus.function),
      authorizer,
      authorizationScopes: anyScope,
    });
    this.api.addRoutes({
      path: otherPaths,
      methods: otherMethods.map((method) => HttpMethod[method]),
      integration: new HttpLambdaIntegration('NotOffered', notOffered.function, onePermission),
      authorizer,
      authorizationScopes: anyScope,
    });
  }

  /** The ARN of one method and path, for policies of callers. */
  arnFor(method: HttpMethod, path: string): string {
    return this.api.arnForExecuteApi(method, path, this.stage.stageName);
  }
}
