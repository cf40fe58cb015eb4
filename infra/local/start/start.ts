import { SecretUnusable } from '../../../lib/pingone/credentials.ts';
import type { GatewayOptions } from '../gateway/gateway.ts';
import { PortUnavailable } from '../loopback/loopback.ts';
import { BadFlag, type Flags, help, parseFlags } from './flags.ts';
import { readGrantsFile } from './grants-flag.ts';
import { isError } from './log-line.ts';
import { outcomeLine } from './outcome-line.ts';
import { readSecretFile } from './secret-file.ts';

/** `npm start`: runs the gateway on this machine until it is stopped. */
const start = async (flags: Flags): Promise<void> => {
  // Loaded late, so that help and bad flags are answered at once.
  const { startGateway } = await import('../gateway/gateway.ts');
  const { banner, isCall, requestLine } = await import('./banner.ts');
  const options: GatewayOptions = {
    ...flags,
    secret: flags.secretFile === undefined ? undefined : await readSecretFile(flags.secretFile),
    grants: flags.grantsFile === undefined ? undefined : await readGrantsFile(flags.grantsFile),
    onRequest: (request) => {
      if (isCall(request)) console.log(requestLine(request));
    },
    onOutcome: (event) => console.log(outcomeLine(event)),
    onLog: (line, stream) => {
      if (isError(line, stream)) console.error(line);
    },
  };
  console.log(banner(await startGateway(options), flags));
};

/** A sentence and an exit code for an expected error; undefined for a defect. */
const explain = (error: unknown, flags?: Flags): { sentence: string; exitCode: number } | undefined => {
  if (error instanceof BadFlag) return { sentence: error.message, exitCode: 2 };
  if (error instanceof SecretUnusable) return { sentence: error.message, exitCode: 2 };
  if (!(error instanceof PortUnavailable)) return undefined;
  const flag = error.port === flags?.awsPort ? '--aws-port' : '--port';
  return { sentence: `Port ${error.port} on 127.0.0.1 is taken; choose another one with ${flag}.`, exitCode: 1 };
};

// All servers and functions are in this process and end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

let flags: Flags | undefined;
try {
  flags = parseFlags(process.argv.slice(2));
  if (flags.help) console.log(help);
  else await start(flags);
} catch (error) {
  const explained = explain(error, flags);
  if (explained === undefined) throw error;
  console.error(explained.sentence);
  process.exitCode = explained.exitCode;
}
