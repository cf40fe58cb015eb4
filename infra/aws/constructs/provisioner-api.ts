import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, DomainName, HttpApi, type HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { cors as corsFacts } from '../../documents/openapi/cors.ts';
import type { Stage } from '../settings/stage.ts';
import { AccessLog } from './access-log.ts';
import { type ApiFunctions, addRoutes, targetsOf } from './api-routes.ts';
import { type CallerKind, kindOf } from './caller-kind.ts';

export interface ProvisionerApiProps extends ApiFunctions {
  readonly stage: Stage;
  readonly encryptionKey: IKey | undefined;
}

/** The HTTP API: the same routes for each kind of callers, with its authorizer, to the same functions. */
export class ProvisionerApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly accessLog: AccessLog;
  /** The address of the API, without a path. */
  readonly apiHost: string;
  /** The kinds of its callers, in the stage's order. */
  readonly kinds: readonly CallerKind[];
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, props: ProvisionerApiProps) {
    super(scope, id);
    const { stage, encryptionKey } = props;
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
    this.kinds = auth.map((kind) => kindOf(kind, this.apiHost));

    const targets = targetsOf(props);
    for (const kind of this.kinds) addRoutes(this.api, targets, kind);
  }

  /** The ARN of one method and path, for policies of callers. */
  arnFor(method: HttpMethod, path: string): string {
    return this.api.arnForExecuteApi(method, path, this.stage.stageName);
  }
}
