import { userInfo } from 'node:os';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, type CommandLine, defineCommand, option, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { confirm, described, effectOf } from './confirm-settlement.ts';
import { ledgerAt } from './ledger-place.ts';
import { mergeLedger } from './merge-ledger.ts';
import { openRequest, openRequests, type Settlement, settleByHand } from './open-requests.ts';
import { place } from './place.ts';

const flags = {
  created: option('RESOURCE', 'settle: PingOne created this resource for the request'),
  absent: { type: 'boolean', help: 'settle: PingOne created nothing; a retry with the same key sends again' },
  yes: { type: 'boolean', help: 'settle without asking' },
  from: option('TABLE', 'merge: the table to copy from, such as a restored copy'),
  by: option('NAME', 'the author of the decision, for the ledger (default: your user name)'),
  ...place,
  table: option('TABLE', "the ledger's table in AWS, where it was restored under another name"),
  output,
} as const;

type Line = CommandLine<typeof flags>;

const unknown = async (line: Line): Promise<void> => {
  const open = await openRequests(await ledgerOf(line));
  for (const request of open) line.print(request, `${request.id}\n  ${described(request)}`);
  console.error(open.length === 1 ? '1 request is open.' : `${open.length} requests are open.`);
};

const settle = async (line: Line): Promise<void> => {
  const [id = ''] = line.args;
  const as = settlementIn(line);
  const ledger = await ledgerOf(line);
  if (!line.values.yes) await confirm(await openRequest(ledger, id), as);
  const settled = await settleByHand(ledger, id, as, decidedBy(line));
  const next = settled.deploy === undefined ? '' : ` It is not in use yet: deploy it with ${settled.deploy}.`;
  line.print(settled, `Settled by ${settled.by}: the request ${id} ${effectOf(as)}.${next}`);
};

const merge = async (line: Line): Promise<void> => {
  const { from } = line.values;
  if (from === undefined) throw new BadCommand('merge needs --from TABLE');
  const { dynamo, table } = await ledgerAt(line.values);
  const merged = await mergeLedger({ dynamo, into: table, from });
  line.print(
    { audit: 'MERGED', from, into: table, by: decidedBy(line), ...merged },
    `Merged ${from} into ${table}: ${merged.requests} requests and ${merged.names} names; ${merged.unchanged} requests were there as new or newer.`,
  );
};

const decidedBy = ({ values }: Line): string => values.by ?? userInfo().username;

const ledgerOf = async (line: Line) => ({ ...(await ledgerAt(line.values)), endpoints, now: Date.now });

const settlementIn = ({ values: { created, absent } }: Line): Settlement => {
  if ((created === undefined) === !absent) throw new BadCommand('settle needs either --created RESOURCE or --absent');
  return created === undefined ? { absent: true } : { created };
};

const placeFlags = ['stage', 'table', 'local', 'url'];

const verbs = new Map(Object.entries({ unknown, settle, merge }));

await runCommand(
  defineCommand({
    call: 'npm run ledger',
    summary: 'Lists the requests whose outcome is not known, closes one by hand, and restores lost items.',
    verbs: {
      unknown: { flags: placeFlags, help: 'lists open requests' },
      settle: {
        args: ['ID'],
        needs: '--created RESOURCE|--absent',
        flags: ['created', 'absent', 'by', 'yes', ...placeFlags],
        help: 'closes an open request as you found it in PingOne; asks first',
      },
      merge: {
        needs: '--from TABLE',
        flags: ['from', 'by', ...placeFlags],
        help: 'copies missing and newer items into the ledger; stop both doors first',
      },
    },
    flags,
    fails: 'AWS or the ledger refused',
    run: async (line) => verbs.get(line.verb)?.(line),
  }),
);
