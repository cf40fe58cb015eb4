import { Stack, Token } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct, IConstruct } from 'constructs';

/** A value of one stack, as a construct of any stack reads it. */
export type Published = (reader: IConstruct) => string;

/**
 * Publishes a value of a stack as an SSM parameter, which other stacks read at each deployment. CloudFormation refuses
 * to change or remove an export in use; with a parameter one deployment can replace a created resource by an imported one.
 */
export const publish = (scope: Construct, name: string, value: string): Published => {
  const stack = Stack.of(scope);
  const parameterName = `/${stack.stackName}/${name}`;
  new StringParameter(scope, 'Published', { parameterName, stringValue: value });
  if (!Token.isUnresolved(value)) return () => value;
  exportForUpgrade(stack, value);
  return (reader) =>
    Stack.of(reader) === stack ? value : StringParameter.valueForStringParameter(reader, parameterName);
};

/** Exports a value that a Service stack of version 0.1 imports, so State can be deployed before it. */
export const exportForUpgrade = (stack: Stack, value: string): void => {
  stack.exportValue(value);
};
