import type { Fault } from '../../../infra/local/sandbox/create-faults.ts';
import { atBothDoors, type Incident } from './incident.ts';
import type { Trouble } from './lines.ts';
import { waiting } from './waiting.ts';

const creates = (fault: Fault): Trouble => ({ sandbox: { faults: { create: () => fault } } });
const limited = creates({ kind: 'limit', retryAfter: 60 });
const hanging: Trouble = {
  sandbox: {
    faults: { create: () => ({ kind: 'createThenHang' }), list: () => ({ kind: 'listFails', answer: 'reset' }) },
  },
};
const secret = (text: string): Trouble => ({ prepare: ({ aws }) => aws.secretsManager.put('worker', text) });
const nowhere: Trouble = {
  prepare: ({ aws, sandbox }) => {
    const closed = 'http://127.0.0.1:9';
    aws.secretsManager.put('worker', JSON.stringify({ ...sandbox.secret, apiBase: `${closed}/v1`, authBase: closed }));
  },
};

/** Incidents of PingOne and its credentials. */
export const ofPingOne: readonly Incident[] = [
  ...atBothDoors('PingOne cannot be reached', 'no connection', nowhere),
  ...atBothDoors('PingOne does not answer in time', 'creates hang, lists fail', hanging),
  ...atBothDoors('PingOne answers 429', 'for longer than a request can wait', limited),
  ...atBothDoors("the worker application's secret is wrong", 'rotated', {
    prepare: ({ sandbox }) => sandbox.application.rotateSecret(),
  }),
  ...atBothDoors("the worker application's secret is wrong", 'empty', secret('')),
  ...atBothDoors("the worker application's secret is wrong", 'not JSON', secret('{')),
  { what: 'a message waits for more than an hour', how: 'PingOne limits it', begin: () => waiting(120, limited) },
  {
    what: 'a message uses up its receives',
    how: 'for hours PingOne does not tell what became of it',
    begin: () => waiting(260, hanging),
  },
];
