import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HttpEnvironment, QueueEnvironment, StatusEnvironment } from '../../lib/config.ts';
import type { Grants } from '../../lib/grants/document.ts';
import { functionCode, grantsFileName } from './function-code.ts';
import type { Stage } from './stage.ts';

/** What each function reads from its environment: one that lacks something fails the type check. */
interface Environments {
  readonly http: HttpEnvironment;
  readonly queue: QueueEnvironment;
  readonly 'request-status': StatusEnvironment;
}

export interface ProvisionerFunctionProps<Name extends keyof Environments> {
  /** Which of the bundles it runs. */
  readonly bundle: Name;
  readonly description: string;
  readonly environment: Omit<Environments[Name], 'GRANTS_FILE'>;
  /** Who may ask it for what. */
  readonly grants: Grants;
  readonly timeout: Duration;
  /** In MB; the CPU grows with it. */
  readonly memorySize: number;
  /** Encrypts its logs; by default a key of CloudWatch's. */
  readonly encryptionKey: IKey | undefined;
  readonly logRetentionDays: Stage['logRetentionDays'];
}

/** A Lambda function with a role and a log group of its own, traced by X-Ray. What else its role may do, others grant. */
export class ProvisionerFunction<Name extends keyof Environments = keyof Environments>
  extends Construct
  implements IGrantable
{
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: ProvisionerFunctionProps<Name>) {
    super(scope, id);
    const { bundle, description, environment, grants, timeout, memorySize, encryptionKey, logRetentionDays } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetentionDays,
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    this.grantPrincipal = this.role;
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(this, bundle, grants),
      environment: {
        GRANTS_FILE: grantsFileName,
        ...withoutAbsent(environment),
      },
      timeout,
      memorySize,
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
    });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resource.',
    });
  }
}

const withoutAbsent = (environment: object): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
