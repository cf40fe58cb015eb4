import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parseSecret } from '../../lib/pingone/credentials.ts';
import { GatewayError } from '../../lib/problems.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { openConnections } from '../../lib/runtime/connection.ts';
import { BadCommand, defineCommand, option, output } from '../command/command.ts';
import { readGivenFile } from '../command/given-file.ts';
import { runCommand } from '../command/run-command.ts';
import { deployedState } from './deployment.ts';
import { flagNames, parametersIn, pathFlags } from './path-flags.ts';
import { findings } from './worker-application.ts';

/** Thrown when a secret is not filled, since the worker application lacks something. */
class NotFilled extends GatewayError {
  override readonly name = 'NotFilled';
}

/** Stores the credentials in the secret of a deployed stage. @throws DeploymentUnreadable, BadCommand */
const fillSecret = async (stage: string, SecretString: string): Promise<{ readonly secret: string }> => {
  const { client, secret } = await deployedState(stage);
  await new SecretsManagerClient(client).send(new PutSecretValueCommand({ SecretId: secret, SecretString }));
  return { secret };
};

const checkWorker = defineCommand({
  call: 'npm run check-worker',
  summary: `Checks a worker application before the first deployment: its token and its permissions to read.
It creates nothing, so it does not test the permission to create.`,
  needs: '--secret FILE',
  flags: {
    secret: option('FILE', 'the JSON that the secret will hold (infra/aws/DEPLOYMENT.md)'),
    ...pathFlags((parameter) => `${parameter} of a path to list`),
    fill: option('STAGE', 'if nothing is missing, store FILE as the secret of this deployed stage'),
    output,
  },
  fails: 'something is missing, or AWS refused',
  run: async ({ values: { secret, fill, output: _, ...given }, print }) => {
    if (typeof secret !== 'string') throw new BadCommand('--secret FILE is missing; --help explains it');
    const json = await readGivenFile(secret, '--secret');
    const asked = {
      endpoints,
      parameters: parametersIn(given),
      flags: flagNames,
      credentials: parseSecret(json, secret),
    };
    for await (const finding of findings({ ...asked, send: openConnections(systemClock), now: systemClock.now })) {
      const { result, subject, message } = finding;
      print(finding, `${result.padEnd(7)} ${subject}: ${message}`);
      if (result === 'MISSING') process.exitCode = 1;
    }
    if (typeof fill !== 'string') return;
    if (process.exitCode === 1) throw new NotFilled('Something is missing, so that the secret was not filled');
    print(
      { result: 'filled', ...(await fillSecret(fill, json)) },
      `filled  the secret of ${fill}: functions read it within five minutes`,
    );
  },
});

await runCommand(checkWorker);
