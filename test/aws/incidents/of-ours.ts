import type { InterceptAws } from '../../../infra/local/aws/aws.ts';
import { throttled } from '../../../infra/local/aws/service.ts';
import { json, type Reply } from '../../../infra/local/loopback/reply.ts';
import type { DeployFault } from '../../../infra/local/sandbox/deploy-faults.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { openRequestsGauge } from '../../../lib/ledger/open-requests-gauge.ts';
import type { OpenRequest, WaitingService } from '../../../lib/ledger/scan-open.ts';
import { standardHeaders } from '../../harness/signed-webhook.ts';
import { endpoint } from '../../harness/some-endpoint.ts';
import { openDoor } from '../../webhook/door.ts';
import type { Line } from '../filter-pattern.ts';
import { deploymentLines } from './deployment-lines.ts';
import { always, atBothDoors, type Incident, requests } from './incident.ts';
import { lambdaLine, linesOf, noGrants, type Trouble } from './lines.ts';

/** AWS's refusal of some operations. */
const refusing = (operations: readonly string[], reply: () => Reply): Trouble => {
  const intercept: InterceptAws = async (moment, { operation }) =>
    moment === 'before' && operations.includes(operation) ? reply() : undefined;
  return { intercept };
};
const denied = () => json(400, { __type: 'AccessDeniedException', message: 'no' });
const entryFailed = () => json(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalException' }] });
const ledger = ['GetItem', 'UpdateItem'];

const bug = async (): Promise<never> => {
  throw new TypeError('a bug');
};

/** Ordinary creates with this duration of the gateway's own part. */
const slow = async (ownMs: number) => {
  const lines = (await linesOf('http')).map((line) => {
    const { attempt, ...message } = Object(line.message);
    return { ...line, message: { ...message, ...(attempt && { attempt: { ...attempt, ownMs } }) } };
  });
  return () => ({ lines });
};

/** What the gauge logs of one request that was sent in minute 0, an hour after the other. */
const open = () =>
  hourly({ id: 'r', endpoint: String(endpoints[0]?.name), item: Object({ firstSent: 0, createdAt: 0 }) });

/** What it logs of a pending deployment that came in minute 0. */
const overdue = () => hourly({ wantedAt: 0 });

/** The line of a deployment that meets a fault, or that no grant allows any more. */
const deploymentOf = (fault: DeployFault | undefined) => async () => {
  const lines = await deploymentLines(fault);
  return (minute: number) => ({ lines: minute === 0 ? lines : [] });
};

const hourly = async (waiting: OpenRequest | WaitingService) => {
  const measured = async (minute: number): Promise<readonly Line[]> => {
    const logged: Line[] = [];
    const openAt = async function* () {
      yield waiting;
    };
    const log = (level: string, line: object) => void logged.push(lambdaLine({ level, ...line }));
    await openRequestsGauge({ openAt, log, now: () => minute * 60_000 })();
    return logged;
  };
  // The worst case: not yet an hour old when it is first counted.
  const [first, second] = [await measured(59), await measured(119)];
  return (minute: number) => ({ lines: (minute === 59 ? first : minute === 119 && second) || [] });
};

/** A webhook a minute that is signed with another key. */
const refused = async () => {
  const sources = { ci: { scheme: 'standard', secret: 's' } } as const;
  await using door = await openDoor(endpoint, sources, noGrants);
  const key = (nth: number) => `whsec_${Buffer.alloc(32, nth).toString('base64')}`;
  door.putSecret('ci', JSON.stringify({ secrets: [key(1)] }));
  await door.post('ci', standardHeaders('{}', { key: key(2), at: door.system.clock.now() }), '{}');
  const lines = door.system.logged.map((logged) => lambdaLine(Object(logged)));
  return () => ({ lines });
};

const secondResource = lambdaLine({ level: 'error', alarm: 'SECOND_RESOURCE', request: 'r', resources: ['a', 'b'] });

/** Incidents of the gateway, its ledger and its permissions. */
export const ofOurs: readonly Incident[] = [
  ...atBothDoors('the ledger fails', 'throttled', refusing(ledger, throttled)),
  ...atBothDoors('the ledger fails', 'its key is disabled', refusing(ledger, denied)),
  { what: 'the ledger fails', how: 'nothing is accepted', begin: requests('later', refusing(ledger, throttled)) },
  {
    what: 'request-status fails, since the ledger does',
    how: 'throttled',
    begin: requests('status', refusing(ledger, throttled)),
  },
  {
    what: 'outcomes cannot be published',
    how: 'the bus refuses them',
    begin: requests('queue', refusing(['PutEvents'], denied)),
  },
  {
    what: 'outcomes cannot be published',
    how: 'each entry fails',
    begin: requests('queue', refusing(['PutEvents'], entryFailed)),
  },
  ...atBothDoors('requests fail for an unforeseen reason', 'a bug', { provision: bug }),
  ...atBothDoors('the grants deny many requests', 'a caller has none any more', { grants: noGrants }),
  { what: 'webhooks of a source are refused', how: 'the sender has another key', begin: refused },
  { what: "the gateway's own part of a create takes long", how: 'three seconds', begin: () => slow(3_000) },
  {
    what: 'a request may have made two resources',
    how: 'once',
    begin: async () => (minute) => ({ lines: minute === 0 ? [secondResource] : [] }),
  },
  { what: 'open requests are counted no more', how: 'its rule is disabled', begin: always({}) },
  { what: 'a created operation waits for its deployment for more than an hour', how: 'it fails', begin: overdue },
  {
    what: 'a deployment after a create fails',
    how: 'PingOne refuses it',
    begin: deploymentOf({ kind: 'deployRefused', status: 403 }),
  },
  {
    what: 'a deployment after a create fails',
    how: 'PingOne reports a failure',
    begin: deploymentOf({ kind: 'deployFails' }),
  },
  { what: 'a deployment after a create fails', how: 'its grant was revoked', begin: deploymentOf(undefined) },
  { what: 'a request stays open for more than an hour', how: 'its caller never comes again', begin: open },
];
