import { readFile } from 'node:fs/promises';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parameterNames } from '../../lib/endpoints/path.ts';
import { openConnections } from '../../lib/pingone/connection.ts';
import { parseSecret } from '../../lib/pingone/credentials.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { BadCommand, parseCommand, runCommand } from './command.ts';
import { findings } from './worker-application.ts';

/** Path parameter -> its flag: `environmentID` -> `environment`, `apiServerID` -> `api-server`. */
const flags = new Map(
  endpoints
    .flatMap(({ path }) => parameterNames(path))
    .map((name) => [name, name.replace(/ID$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

const help = `Checks a worker application before the first deployment: its token and its permission to list.
It creates nothing, so it does not test the permission to create.

Usage: npm run check-worker -- --secret FILE ${[...flags.values()].map((flag) => `[--${flag} ID]`).join(' ')}

  --secret FILE  the JSON that the secret will hold (infra/aws/DEPLOYMENT.md)
${[...flags].map(([name, flag]) => `  ${`--${flag} ID`.padEnd(18)} ${name} of a path to list`).join('\n')}
`;

const ids = Object.fromEntries([...flags.values()].map((flag) => [flag, { type: 'string' } as const]));

const options = { secret: { type: 'string' }, help: { type: 'boolean' }, ...ids } as const;

const run = async (args: readonly string[]): Promise<void> => {
  const { secret, help: wanted, ...given } = parseCommand(args, options).values;
  if (wanted) {
    console.log(help);
    return;
  }
  if (typeof secret !== 'string') throw new BadCommand('--secret FILE is missing; --help explains it');
  const json = await readFile(secret, 'utf8').catch((cause: Error) => {
    throw new BadCommand(`--secret: ${secret} can't be read (${cause.message})`, { cause });
  });
  const parameters = Object.fromEntries([...flags].map(([name, flag]) => [name, Object(given)[flag]?.toString()]));
  const credentials = parseSecret(json, secret);
  const asking = {
    endpoints,
    parameters,
    flags,
    credentials,
    send: openConnections(systemClock),
    now: systemClock.now,
  };
  for await (const { ok, what, says } of findings(asking)) {
    console.log(`${ok ? 'ok     ' : 'MISSING'} ${what}: ${says}`);
    if (!ok) process.exitCode = 1;
  }
};

await runCommand(run);
