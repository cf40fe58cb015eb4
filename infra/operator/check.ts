import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { endpoints } from '../../lib/endpoints/index.ts';
import { openConnections } from '../../lib/pingone/connection.ts';
import { parseSecret } from '../../lib/pingone/credentials.ts';
import { GatewayError } from '../../lib/problems.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { findings } from './worker-application.ts';

/** Path parameter -> its flag: `environmentID` -> `environment`, `apiServerID` -> `api-server`. */
const flags = new Map(
  endpoints
    .flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))
    .map((name) => [name, name.replace(/ID$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

const help = `Checks a worker application before the first deployment: its token, and what it may list.
It creates nothing, so that the right to create itself is not tried.

Usage: npm run check -- --secret FILE ${[...flags.values()].map((flag) => `[--${flag} ID]`).join(' ')}

  --secret FILE  the JSON that the secret will hold (README, "Settings")
${[...flags].map(([name, flag]) => `  ${`--${flag} ID`.padEnd(18)} ${name} of a path to list`).join('\n')}
`;

/** Thrown when the command line says something that can't be done. */
class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}

const run = async (args: readonly string[]): Promise<void> => {
  const { secret, help: wanted, ...ids } = parse(args);
  if (wanted) {
    console.log(help);
    return;
  }
  if (typeof secret !== 'string') throw new BadCommand('--secret FILE is missing; --help explains it');
  const json = await readFile(secret, 'utf8').catch((cause: Error) => {
    throw new BadCommand(`--secret: ${secret} can't be read (${cause.message})`, { cause });
  });
  const parameters = Object.fromEntries([...flags].map(([name, flag]) => [name, ids[flag]?.toString()]));
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

const parse = (args: readonly string[]): Readonly<Record<string, string | boolean | undefined>> => {
  const ids = Object.fromEntries([...flags.values()].map((flag) => [flag, { type: 'string' } as const]));
  try {
    const options = { secret: { type: 'string' }, help: { type: 'boolean' }, ...ids } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new BadCommand(cause instanceof Error ? cause.message : 'bad flags', { cause });
  }
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  console.error(`${error.message}.`.replace(/\.+$/, '.'));
  process.exitCode = 2;
}
