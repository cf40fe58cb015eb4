import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { endpoints } from '../../lib/endpoints/index.ts';
import { GatewayError } from '../../lib/errors.ts';
import { openRequests, type SettledAs, settleByHand } from './open-requests.ts';

const help = `Lists the requests whose outcome is not known, and closes one by hand.

Usage: npm run ledger -- unknown [flags]
       npm run ledger -- settle ID --created RESOURCE [flags]
       npm run ledger -- settle ID --absent [flags]

  --created RESOURCE  PingOne made this resource for the request
  --absent            PingOne made nothing: a retry with the same key starts afresh
  --by NAME           who decides; kept in the ledger (default: your user name)
  --table NAME        the ledger's table (default: the local run's)
  --local [--url URL] the local run's AWS, http://127.0.0.1:3001 unless URL says otherwise;
                      without it AWS by the usual credentials and region
`;

/** Thrown when the command line says something that can't be done. */
class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parse(args);
  const [command, id] = positionals;
  if (values.help || command === undefined) {
    console.log(help);
    return;
  }
  const dynamo = new DynamoDBClient(values.local ? local(values.url) : {});
  const at = { dynamo, table: values.table, endpoints, now: Date.now };
  if (command === 'unknown') {
    const open = await openRequests(at);
    for (const request of open) console.log(JSON.stringify(request));
    console.error(open.length === 1 ? '1 request is open.' : `${open.length} requests are open.`);
    return;
  }
  if (command !== 'settle' || id === undefined)
    throw new BadCommand(`unknown command "${positionals.join(' ')}"; --help lists them`);
  console.log(JSON.stringify(await settleByHand(at, id, decision(values), values.by)));
};

const decision = ({ created, absent }: { created?: string | undefined; absent?: boolean | undefined }): SettledAs => {
  if ((created === undefined) === !absent) throw new BadCommand('settle needs either --created RESOURCE or --absent');
  return created === undefined ? { absent: true } : { created };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        created: { type: 'string' },
        absent: { type: 'boolean' },
        by: { type: 'string', default: userInfo().username },
        table: { type: 'string', default: 'pingone-provisioner-ledger' },
        local: { type: 'boolean' },
        url: { type: 'string', default: 'http://127.0.0.1:3001' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new BadCommand(cause instanceof Error ? cause.message : 'bad flags', { cause });
  }
};

const local = (endpoint: string): DynamoDBClientConfig => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  const cause =
    error.cause instanceof Error && !(error instanceof BadCommand)
      ? ` (${error.cause.message || error.cause.name})`
      : '';
  console.error(`${error.message}${cause}.`.replace(/\.+$/, '.'));
  process.exitCode = error instanceof BadCommand ? 2 : 1;
}
