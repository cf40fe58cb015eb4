import { Duration, Validations } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Environments } from '../../../lib/config.ts';
import type { Grants } from '../../../lib/grants/document.ts';
import { functionLimits } from '../../deployment.ts';
import { functionCode, grantsFileName } from './function-code.ts';

export interface ProvisionerFunctionProps<Name extends keyof Environments> {
  /** The bundle that it runs. */
  readonly bundle: Name;
  readonly description: string;
  readonly environment: Omit<Environments[Name], 'GRANTS_FILE'>;
  /** The grants that it decides by, if it decides. */
  readonly grants: 'GRANTS_FILE' extends keyof Environments[Name] ? Grants : undefined;
  /** Shared by all functions of the stage; the name of each stream contains a function's name. */
  readonly logGroup: ILogGroup;
}

/** A Lambda function with a role of its own, traced by X-Ray. Its role may log; other constructs grant the rest. */
export class ProvisionerFunction<Name extends keyof Environments = keyof Environments>
  extends Construct
  implements IGrantable
{
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: ProvisionerFunctionProps<Name>) {
    super(scope, id);
    const { bundle, description, environment, grants, logGroup } = props;
    const { timeoutSeconds, memoryMB } = functionLimits[bundle];
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    this.grantPrincipal = this.role;
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(this, bundle, grants),
      environment: {
        ...(grants && { GRANTS_FILE: grantsFileName }),
        ...withoutAbsent(environment),
      },
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMB,
      role: this.role,
      logGroup,
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
