import { GatewayError } from '../../lib/problems.ts';
import { costsOf } from './cost/cost.ts';

// npm run cost [-- DIRECTORY]: the cost of the stage that `cdk synth` wrote last.
try {
  const [, , directory = 'cdk.out'] = process.argv;
  console.log(['USD, list prices of us-east-1.', ...costsOf(directory)].join('\n'));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  console.error(`${error.message}.`);
  process.exitCode = 2;
}
