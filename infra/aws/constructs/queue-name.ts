import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { GatewayError } from '../../../lib/problems.ts';

/** The longest name of a region, in place of one that is known only at deployment. */
const longestRegion = 'ap-southeast-1';

/** Ends the name of the queue of pending deployments. */
export const deploySuffix = '-deploy';

/** A fixed name, which the dead-letter queue's policy refers to. @throws NameTooLong */
export const queueName = (scope: Construct, { name, deployment }: Endpoint): string => {
  const { stackName, region } = Stack.of(scope);
  const suffix = deployment ? deploySuffix : '';
  const longest = `${stackName}-${Token.isUnresolved(region) ? longestRegion : region}-${name}${suffix}`;
  if (longest.length > 80) throw new NameTooLong(`SQS takes no name of more than 80 characters: ${longest}`);
  return `${stackName}-${region}-${name}`;
};

/** Thrown if a stage's name makes the names of its queues too long. */
export class NameTooLong extends GatewayError {
  override readonly name = 'NameTooLong';
}
