import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Says why a policy of a construct names one resource with a wildcard in it; cdk-nag wants each by itself. */
export const acknowledgeWildcard = (construct: IConstruct, resource: string, reason: string): void => {
  const flat = flattenCfnReference(Stack.of(construct).resolve(resource));
  if (flat.includes('*')) Validations.of(construct).acknowledge({ id: `AwsSolutions-IAM5[Resource::${flat}]`, reason });
};
