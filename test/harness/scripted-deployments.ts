import type { DeployParts } from '../../lib/deploy/attempt.ts';
import { serviceOf } from '../../lib/deploy/service.ts';
import { openDeployments } from '../../lib/ledger/deployments.ts';
import { deploymentKey } from '../../lib/ledger/pending-deployments.ts';
import type { Answer } from '../../lib/runtime/connection.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import { deployment, endpoint } from './deployable-endpoint.ts';
import type { Item } from './dynamodb/apply-change.ts';
import { itemTable } from './dynamodb/item-table.ts';
import { manualClock } from './manual-clock.ts';

/** The parts of a deployment with a ledger in memory, a clock that stands still, and PingOne's answers from a script. */

export const now = Date.parse('2030-01-01T00:00:00Z');
export const clockSkewMs = 10_000;
export const service = serviceOf(endpoint, endpoint.example.parameters);
export const key = deploymentKey(endpoint.name, service.path);

export const answer = (status: number, body: unknown = {}, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { date: new Date(now).toUTCString(), ...headers },
  body: Buffer.from(JSON.stringify(body)),
});
export const state = (code: string, deployedAt?: number, error?: string) =>
  answer(200, {
    ...(deployedAt !== undefined && { deployedAt: new Date(deployedAt).toISOString() }),
    status: { code, ...(error !== undefined && { error: { code: error } }) },
  });
export const successful = state('DEPLOYMENT_SUCCESSFUL', now + 2_000);
export const pingOneError = { id: 'x', code: 'ACCESS_FAILED', message: 'No.' };

/** An answer, no answer, or an answer after something else has happened. */
export type Answering = Answer | Error | ((during: Pick<Scripted, 'pass' | 'items'>) => Answer | Error);

export interface Script {
  /** The service's item. */
  readonly item?: Item | undefined;
  /** PingOne's answers to deployments, then to reads of the state. */
  readonly sent?: readonly Answering[];
  readonly read?: readonly Answering[];
  /** What happens while the gateway gets its token. */
  readonly token?: (during: Pick<Scripted, 'pass' | 'items'>) => void;
}

export interface Scripted {
  readonly parts: DeployParts;
  readonly pass: (milliseconds: number) => void;
  readonly items: Map<string, Item | undefined>;
  readonly calls: string[];
  /** The path and the time-out of each deployment, and each deadline by what it ends. */
  readonly deployments: { readonly path: string; readonly timeoutMs: number }[];
  readonly deadlines: { readonly token: number[]; readonly read: number[]; readonly ledger: number[] };
  readonly logged: unknown[];
}

export const scripted = ({ item, sent = [], read = [], token }: Script): Scripted => {
  const { clock, pass } = manualClock(now);
  const items = new Map([[key, item]]);
  const calls: string[] = [];
  const next = (call: string, answers: Answering[]): Answer => {
    calls.push(call);
    const one = answers.shift() ?? new Error(`no answer left for ${call}`);
    const given = typeof one === 'function' ? one({ pass, items }) : one;
    if (given instanceof Error) throw given;
    return given;
  };
  const [sends, reads] = [[...sent], [...read]];
  const logged: unknown[] = [];
  const deployments: Scripted['deployments'] = [];
  const deadlines: Scripted['deadlines'] = { token: [], read: [], ledger: [] };
  const parts: DeployParts = {
    deployments: (deadline) => {
      deadlines.ledger.push(deadline);
      return openDeployments(itemTable(items), endpoint.name, clockSkewMs);
    },
    pingOne: {
      token: async (deadline) => {
        deadlines.token.push(deadline);
        token?.({ pass, items });
        return { value: 'token', api: targetOf('https://api.example') };
      },
      refused: () => calls.push('refused'),
      get: async (_, deadline) => {
        deadlines.read.push(deadline);
        return next('read', reads);
      },
    },
    send: async ({ target, headers }, timeoutMs) => {
      if (headers['content-type'] !== deployment.contentType) throw new Error('this is no deployment');
      deployments.push({ path: target.path, timeoutMs });
      return next('deploy', sends);
    },
    clock,
    clockSkewMs,
    newOwner: () => 'me',
    log: (level, line) => logged.push([level, line]),
  };
  return { parts, pass, items, calls, deployments, deadlines, logged };
};
