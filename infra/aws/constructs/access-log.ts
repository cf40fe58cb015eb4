import { Fn, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../settings/stage.ts';
import { StageLogGroup } from './stage-log-group.ts';

export interface AccessLogProps {
  readonly stage: Stage;
  readonly encryptionKey: IKey | undefined;
}

/** The API's access log: caller, route and status of each request; no headers, no query and no body. */
export class AccessLog extends Construct {
  readonly logGroup: StageLogGroup;
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, props: AccessLogProps) {
    super(scope, id);
    const { stackName, stackId } = Stack.of(this);
    // CloudWatch adds each log group of API Gateway to one policy of 5,120 characters per region, unless its name begins
    // so. The end of the stack's id makes the name unique: a deleted stack's group may still exist.
    const suffix = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', stackId))));
    this.logGroup = new StageLogGroup(this, 'Logs', {
      ...props,
      logGroupName: `/aws/vendedlogs/${stackName}-${suffix}`,
    });
    this.settings = {
      destination: new LogGroupLogDestination(this.logGroup),
      format: AccessLogFormat.custom(JSON.stringify(line)),
    };
  }
}

const line = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  client: '$context.authorizer.claims.client_id',
  subject: '$context.authorizer.claims.sub',
  routeKey: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  /** Status of the function's answer; absent if API Gateway answered itself. */
  functionStatus: '$context.integration.status',
  latency: '$context.responseLatency',
  functionLatency: '$context.integrationLatency',
  functionError: '$context.integrationErrorMessage',
  refusal: '$context.authorizer.error',
  error: '$context.error.message',
  length: '$context.responseLength',
};
