import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../settings/stage.ts';

export interface StageLogGroupProps {
  readonly stage: Stage;
  /** CloudWatch's own key by default. */
  readonly encryptionKey: IKey | undefined;
  readonly logGroupName?: string;
}

/** A log group with the stage's retention. It contains evidence, so a stage that retains its state retains it, too. */
export class StageLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, { stage, ...props }: StageLogGroupProps) {
    super(scope, id, {
      ...props,
      retention: stage.logRetentionDays,
      // A failed first deployment deletes it.
      removalPolicy: stage.removal === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}
