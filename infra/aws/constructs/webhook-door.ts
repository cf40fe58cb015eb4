import { Stack, Validations } from 'aws-cdk-lib';
import { CfnStage, HttpMethod, HttpNoneAuthorizer, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { otherWebhooks, webhookPath } from '../../documents/routes.ts';
import type { Stage } from '../settings/stage.ts';
import { grantKeyVia } from './customer-key.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import type { Ledger } from './ledger.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import { ProvisionerFunction } from './provisioner-function.ts';
import { secretArn } from './worker-secret.ts';

export interface WebhookDoorProps {
  readonly stage: Stage;
  readonly doors: readonly EndpointDoors[];
  readonly ledger: Ledger;
  readonly logGroup: ILogGroup;
}

/** Requests per second for sources that do not exist. */
const otherThrottling = { rate: 1, burst: 5 };

/** The function for signed webhooks. It reads the secrets of the stage's sources, and no PingOne credentials. */
export class WebhookDoor extends Construct {
  readonly function: ProvisionerFunction<'webhook'>;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, doors, ledger, logGroup }: WebhookDoorProps) {
    super(scope, id);
    this.#stage = stage;
    const queueUrls = Object.fromEntries(
      doors.map(({ endpoint, requests }) => [endpoint.name, requests.queue.queueUrl]),
    );
    this.function = new ProvisionerFunction(this, 'Accept', {
      bundle: 'webhook',
      description: 'Accepts signed webhooks for the queues',
      environment: {
        LEDGER_TABLE: ledger.tableName(this),
        DOCS_URL: stage.docsUrl,
        UNKNOWN_MEMBERS: stage.unknownMembers,
        WEBHOOKS: JSON.stringify(stage.webhooks),
        QUEUE_URLS: Stack.of(this).toJsonString(queueUrls),
      },
      grants: stage.grants,
      logGroup,
    });
    for (const { endpoint, requests } of doors) {
      ledger.grantAccept(this.function, endpoint);
      requests.grantSend(this.function);
    }
    for (const { secret, secretKeyArn: keyArn } of Object.values(stage.webhooks)) {
      Grant.addToPrincipal({
        grantee: this.function,
        actions: ['secretsmanager:GetSecretValue'],
        resourceArns: [secretArn(secret, this)],
      });
      grantKeyVia('secretsmanager', { keyArn, grantee: this.function, actions: ['kms:Decrypt'] });
    }
  }

  /** Adds a route for each source, with a throttle of its own, and one for all other names. None has an authorizer. */
  addRoutes({ api, stage }: ProvisionerApi): void {
    const integration = new HttpLambdaIntegration('Webhook', this.function.function, { scopePermissionToRoute: false });
    const throttles = [
      ...Object.keys(this.#stage.webhooks).map((name) => [webhookPath(name), this.#stage.throttling] as const),
      [otherWebhooks, otherThrottling] as const,
    ];
    const { defaultChild } = stage.node;
    if (!(defaultChild instanceof CfnStage)) throw new Error('the stage of the API has no CloudFormation resource');
    defaultChild.routeSettings = Object.fromEntries(
      throttles.map(([path, { rate, burst }]) => [
        `POST ${path}`,
        { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, DetailedMetricsEnabled: true },
      ]),
    );
    for (const [path] of throttles) {
      const authorizer = new HttpNoneAuthorizer();
      for (const route of api.addRoutes({ path, methods: [HttpMethod.POST], integration, authorizer })) {
        unauthorized(route);
        // API Gateway refuses settings of a route that does not exist yet.
        stage.node.addDependency(route);
      }
    }
  }
}

const unauthorized = (route: HttpRoute): void =>
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: 'The function verifies the signature of each webhook; its senders have neither tokens nor AWS credentials.',
  });
