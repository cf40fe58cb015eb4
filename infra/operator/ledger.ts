import { userInfo } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, parseCommand, runCommand } from './command.ts';
import { deployedLedger } from './deployment.ts';
import { localClient } from './local-run.ts';
import { mergeLedger } from './merge-ledger.ts';
import { openRequests, type SettledAs, settleByHand } from './open-requests.ts';

const help = `Lists the requests whose outcome is not known, closes one by hand, and brings back what a ledger lost.

Usage: npm run ledger -- unknown [flags]
       npm run ledger -- settle ID --created RESOURCE [flags]
       npm run ledger -- settle ID --absent [flags]
       npm run ledger -- merge --from TABLE [flags]

  --created RESOURCE  PingOne made this resource for the request
  --absent            PingOne made nothing: a retry with the same key starts afresh
  --from TABLE        what the ledger lacks, or has in an older state, is copied from there; stop both doors first
  --by NAME           who decides; kept in the ledger (default: your user name)
  --stage NAME        a deployed stage, by the credentials of its role SettleRoleArn
  --table NAME        the ledger's table in AWS, where it was restored under another name
  --local [--url URL] the local run's AWS, http://127.0.0.1:3001 unless URL says otherwise
`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, {
    created: { type: 'string' },
    absent: { type: 'boolean' },
    from: { type: 'string' },
    by: { type: 'string', default: userInfo().username },
    stage: { type: 'string' },
    table: { type: 'string' },
    local: { type: 'boolean' },
    url: { type: 'string', default: 'http://127.0.0.1:3001' },
    help: { type: 'boolean' },
  });
  const [command, id] = positionals;
  if (values.help || command === undefined) {
    console.log(help);
    return;
  }
  if (command === 'merge') {
    if (values.from === undefined) throw new BadCommand('merge needs --from TABLE');
    const { dynamo, table } = await ledgerOf(values);
    const merged = await mergeLedger({ dynamo, into: table, from: values.from });
    console.log(JSON.stringify({ audit: 'MERGED', from: values.from, into: table, by: values.by, ...merged }));
    return;
  }
  if (command !== 'unknown' && (command !== 'settle' || id === undefined)) {
    throw new BadCommand(`unknown command "${positionals.join(' ')}"; --help lists them`);
  }
  const as = command === 'settle' ? decision(values) : undefined;
  const at = { ...(await ledgerOf(values)), endpoints, now: Date.now };
  if (as === undefined || id === undefined) {
    const open = await openRequests(at);
    for (const request of open) console.log(JSON.stringify(request));
    console.error(open.length === 1 ? '1 request is open.' : `${open.length} requests are open.`);
    return;
  }
  console.log(JSON.stringify(await settleByHand(at, id, as, values.by)));
};

const ledgerOf = async ({
  stage,
  table,
  local,
  url,
}: {
  stage?: string | undefined;
  table?: string | undefined;
  local?: boolean | undefined;
  url: string;
}) => {
  if (local) {
    // Loaded late: the table of the local run comes with a whole DynamoDB.
    const { ledgerTable } = await import('../local/aws/dynamodb.ts');
    return { dynamo: new DynamoDBClient(localClient(url)), table: table ?? ledgerTable };
  }
  if (stage !== undefined) {
    const deployed = await deployedLedger(stage);
    return { dynamo: new DynamoDBClient(deployed.client), table: table ?? deployed.table };
  }
  if (table === undefined) throw new BadCommand('say where: --stage NAME, --table NAME or --local');
  return { dynamo: new DynamoDBClient({}), table };
};

const decision = ({ created, absent }: { created?: string | undefined; absent?: boolean | undefined }): SettledAs => {
  if ((created === undefined) === !absent) throw new BadCommand('settle needs either --created RESOURCE or --absent');
  return created === undefined ? { absent: true } : { created };
};

await runCommand(run);
