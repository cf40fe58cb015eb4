import { SecretUnusable } from '../../../lib/pingone/credentials.ts';
import { GatewayError } from '../../../lib/problems.ts';
import { BadCommand, defineCommand } from '../../command/command.ts';
import { readGivenFile } from '../../command/given-file.ts';
import { runCommand } from '../../command/run-command.ts';
import type { Gateway, GatewayOptions } from '../gateway/gateway.ts';
import { PortUnavailable } from '../loopback/loopback.ts';
import { flags, type Settings, settingsOf } from './flags.ts';
import { readGrantsFile } from './grants-flag.ts';

/** Thrown when another process listens on a port. */
class PortTaken extends GatewayError {
  override readonly name = 'PortTaken';
}

/** Runs the gateway on this machine until it is stopped. */
const start = async (settings: Settings): Promise<void> => {
  // Loaded late, so that --help and wrong flags are answered at once.
  const { startGateway } = await import('../gateway/gateway.ts');
  const { banner } = await import('./banner.ts');
  const { terminalLines } = await import('./terminal-lines.ts');
  const { secretFile: source, grantsFile } = settings;
  const options: GatewayOptions = {
    ...settings,
    secret: source === undefined ? undefined : { json: await readGivenFile(source, '--secret'), source },
    grants: grantsFile === undefined ? undefined : await readGrantsFile(grantsFile),
  };
  let gateway: Gateway | undefined;
  const lines = terminalLines(() => gateway);
  gateway = await startGateway({ ...options, ...lines }).catch((cause: unknown) => {
    throw explained(cause, settings);
  });
  console.log(banner(gateway, settings));
};

/** Turns an expected error into one that names the flag to change. */
const explained = (cause: unknown, { awsPort }: Settings): unknown => {
  if (cause instanceof SecretUnusable) return new BadCommand(cause.message, { cause });
  if (!(cause instanceof PortUnavailable)) return cause;
  const flag = cause.port === awsPort ? '--aws-port' : '--port';
  return new PortTaken(`Port ${cause.port} on 127.0.0.1 is taken; choose another one with ${flag}`);
};

// All servers and functions are in this process and end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

await runCommand(
  defineCommand({
    call: 'npm start',
    summary: 'Runs PingOne Provisioner on this machine: API gateway, functions, AWS and a PingOne sandbox.',
    flags,
    fails: 'a port is taken',
    run: ({ values }) => start(settingsOf(values)),
  }),
);
