import { readFile } from 'node:fs/promises';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parameterNames } from '../../lib/endpoints/path.ts';
import { parseSecret } from '../../lib/pingone/credentials.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { openConnections } from '../../lib/runtime/connection.ts';
import { BadCommand, defineCommand, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { findings } from './worker-application.ts';

/** Path parameter -> its flag: `environmentID` -> `environment`, `apiServerID` -> `api-server`. */
const flagNames = new Map(
  endpoints
    .flatMap(({ path }) => parameterNames(path))
    .map((name) => [name, name.replace(/ID$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

const ids = Object.fromEntries(
  [...flagNames].map(([name, flag]) => [
    flag,
    { type: 'string', argument: 'ID', help: `${name} of a path to list` } as const,
  ]),
);

const checkWorker = defineCommand({
  call: 'npm run check-worker',
  summary: `Checks a worker application before the first deployment: its token and its permission to list.
It creates nothing, so it does not test the permission to create.`,
  needs: '--secret FILE',
  flags: {
    secret: { type: 'string', argument: 'FILE', help: 'the JSON that the secret will hold (infra/aws/DEPLOYMENT.md)' },
    ...ids,
    output,
  },
  fails: 'something is missing',
  run: async ({ values: { secret, output: _, ...given }, print }) => {
    if (typeof secret !== 'string') throw new BadCommand('--secret FILE is missing; --help explains it');
    const json = await readFile(secret, 'utf8').catch((cause: Error) => {
      throw new BadCommand(`--secret: ${secret} can't be read (${cause.message})`, { cause });
    });
    const parameters = Object.fromEntries(
      [...flagNames].map(([name, flag]) => [name, Object(given)[flag]?.toString()]),
    );
    const credentials = parseSecret(json, secret);
    const asking = {
      endpoints,
      parameters,
      flags: flagNames,
      credentials,
      send: openConnections(systemClock),
      now: systemClock.now,
    };
    for await (const finding of findings(asking)) {
      const { ok, what, says } = finding;
      print(finding, `${ok ? 'ok     ' : 'MISSING'} ${what}: ${says}`);
      if (!ok) process.exitCode = 1;
    }
  },
});

await runCommand(checkWorker);
