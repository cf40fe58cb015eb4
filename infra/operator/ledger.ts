import { userInfo } from 'node:os';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, defineCommand, type Given, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { confirm, described, endOf } from './confirm-settlement.ts';
import { ledgerAt } from './ledger-place.ts';
import { mergeLedger } from './merge-ledger.ts';
import { openRequest, openRequests, type SettledAs, settleByHand } from './open-requests.ts';
import { place } from './place.ts';

const flags = {
  created: { type: 'string', argument: 'RESOURCE', help: 'settle: PingOne made this resource for the request' },
  absent: { type: 'boolean', help: 'settle: PingOne made nothing; a retry with the same key starts afresh' },
  yes: { type: 'boolean', help: 'settle without asking' },
  from: { type: 'string', argument: 'TABLE', help: 'merge: the table that has what the ledger lost' },
  by: { type: 'string', argument: 'NAME', help: 'who decides; kept in the ledger (default: your user name)' },
  ...place,
  table: {
    type: 'string',
    argument: 'TABLE',
    help: "the ledger's table in AWS, where it was restored under another name",
  },
  output,
} as const;

type Asked = Given<typeof flags>;

const unknown = async (given: Asked): Promise<void> => {
  const open = await openRequests(await whereOf(given));
  for (const request of open) given.print(request, `${request.id}\n  ${described(request)}`);
  console.error(open.length === 1 ? '1 request is open.' : `${open.length} requests are open.`);
};

const settle = async (given: Asked): Promise<void> => {
  const [id = ''] = given.args;
  const as = decisionIn(given);
  const where = await whereOf(given);
  if (!given.values.yes) await confirm(await openRequest(where, id), as);
  const settled = await settleByHand(where, id, as, deciderIn(given));
  const next = settled.deploy === undefined ? '' : ` It is not in use yet: deploy it with ${settled.deploy}.`;
  given.print(settled, `Settled by ${settled.by}: the request ${id} ${endOf(as)}.${next}`);
};

const merge = async (given: Asked): Promise<void> => {
  const { from } = given.values;
  if (from === undefined) throw new BadCommand('merge needs --from TABLE');
  const { dynamo, table } = await ledgerAt(given.values);
  const merged = await mergeLedger({ dynamo, into: table, from });
  given.print(
    { audit: 'MERGED', from, into: table, by: deciderIn(given), ...merged },
    `Merged ${from} into ${table}: ${merged.requests} requests and ${merged.names} names; ${merged.kept} requests were there as new or newer.`,
  );
};

const deciderIn = ({ values }: Asked): string => values.by ?? userInfo().username;

const whereOf = async (given: Asked) => ({ ...(await ledgerAt(given.values)), endpoints, now: Date.now });

const decisionIn = ({ values: { created, absent } }: Asked): SettledAs => {
  if ((created === undefined) === !absent) throw new BadCommand('settle needs either --created RESOURCE or --absent');
  return created === undefined ? { absent: true } : { created };
};

const where = ['stage', 'table', 'local', 'url'];

const run = new Map([
  ['unknown', unknown],
  ['settle', settle],
  ['merge', merge],
]);

await runCommand(
  defineCommand({
    call: 'npm run ledger',
    summary: 'Lists the requests whose outcome is not known, closes one by hand, and brings back what a ledger lost.',
    verbs: {
      unknown: { flags: where, help: 'lists open requests' },
      settle: {
        args: ['ID'],
        needs: '--created RESOURCE|--absent',
        flags: ['created', 'absent', 'by', 'yes', ...where],
        help: 'closes an open request as you found it in PingOne; asks first',
      },
      merge: {
        needs: '--from TABLE',
        flags: ['from', 'by', ...where],
        help: 'copies what the ledger lacks, or has in an older state; stop both doors first',
      },
    },
    flags,
    fails: 'AWS or the ledger refused',
    run: async (given) => run.get(given.verb)?.(given),
  }),
);
