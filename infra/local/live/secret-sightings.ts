import type { AwsCall } from './aws-call.ts';
import type { Sighting } from './step.ts';

/** Who read the worker application's secret. */
export const secretSighting = ({ operation, ok, invocation }: AwsCall): Sighting | undefined =>
  operation === 'GetSecretValue'
    ? {
        ids: [],
        within: [invocation],
        step: {
          part: 'secrets',
          text: ok ? 'Gives the worker application’s secret' : 'The secret can’t be read',
          tone: ok ? 'plain' : 'bad',
        },
      }
    : undefined;
