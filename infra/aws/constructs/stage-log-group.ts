import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../settings/stage.ts';

export interface StageLogGroupProps {
  readonly stage: Stage;
  /** By default a key of CloudWatch's. */
  readonly encryptionKey: IKey | undefined;
  readonly logGroupName?: string;
}

/** A log group with the stage's retention. It contains evidence: a stage that retains its state retains it as well. */
export class StageLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, { stage, ...props }: StageLogGroupProps) {
    super(scope, id, {
      ...props,
      retention: stage.logRetentionDays,
      // A first deployment that fails leaves none behind.
      removalPolicy: stage.removal === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}
