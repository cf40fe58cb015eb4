import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Acknowledges to cdk-nag one wildcard resource in a construct's policies, with the reason. */
export const acknowledgeWildcard = (construct: IConstruct, resource: string, reason: string): void => {
  const flat = flattenCfnReference(Stack.of(construct).resolve(resource));
  if (flat.includes('*')) Validations.of(construct).acknowledge({ id: `AwsSolutions-IAM5[Resource::${flat}]`, reason });
};
