import { coreIn } from '../../lib/core.ts';
import type { AddPendingDeployment } from '../../lib/deploy/pending-deployment.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { type Change, LedgerUnavailable, type Table } from '../../lib/ledger/table.ts';
import { Problem } from '../../lib/problems.ts';
import { fingerprintOf, identified, nameIDsOf } from '../../lib/provision/identity.ts';
import type { Outcome, ProvisionRequest } from '../../lib/provision/request.ts';
import { defaultTimings, type Timings } from '../../lib/provision/timings.ts';
import { sleep } from '../../lib/runtime/clock.ts';
import { AnswerLost, NotSent, type Send } from '../../lib/runtime/connection.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { itemTable } from '../harness/dynamodb/item-table.ts';
import { httpRequest } from '../harness/http-request.ts';
import { virtualClock } from '../harness/virtual-clock.ts';

/** PingOne's answer to one call; a 201 creates the resource. */
export interface Scripted {
  readonly status?: number;
  readonly fails?: 'lost' | 'notSent';
  readonly made?: boolean;
  readonly afterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A call of the ledger's table, before its execution. */
export interface TableCall {
  readonly kind: 'read' | 'change';
  readonly key: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly change: Change | undefined;
}

export interface Script {
  /** Answers in turn; 201 after them. */
  readonly creates?: readonly Scripted[];
  /** Answers in turn; the created resources after them. */
  readonly lists?: readonly Scripted[];
  readonly shows?: readonly Scripted[];
  readonly timings?: Partial<Timings>;
  readonly random?: number;
  readonly addPending?: AddPendingDeployment;
  /** Observes each call of the table; the call fails if this throws. */
  readonly onTable?: (call: TableCall, items: Map<string, Item>) => Promise<void> | void;
}

export type Asking = Partial<Omit<ProvisionRequest, 'key'>> & { readonly key?: string; readonly withinMs?: number };

const { parameters, body } = endpoint.example;
const failure = { id: '0', code: 'FAILED', message: 'As PingOne says it.' };
const collection = endpoint.path.slice(endpoint.path.lastIndexOf('/') + 1);

export const start = Date.UTC(2026, 0, 1);
export const requestKey = (id: string): string => `${endpoint.name}#request#${id}`;
export const ids = nameIDsOf(endpoint, parameters, body);
export const nameKey = `${endpoint.name}#name#${ids.name}`;
export const previousNameKey = `${endpoint.name}#name#${ids.previousName}`;
export const requestIDOf = (key: string): string => identified('alice', endpoint, parameters, key, 'any').requestID;
export const resource = (id: string, changes: object = {}) => ({
  ...body,
  id,
  createdAt: new Date(start).toISOString(),
  ...changes,
});
/** A request item after its attempts. */
export const item = (changes: Item = {}): Item => ({
  state: 'sending',
  caller: 'alice',
  fingerprint: fingerprintOf(body),
  name: ids.name,
  parameters,
  arrivalID: 'other',
  owner: 'other',
  lease: start - 60_000,
  createdAt: start,
  updatedAt: start,
  ...changes,
});
export const ledgerFails = () => {
  throw new LedgerUnavailable('no');
};

/** The items of a table by their keys, which they also contain. */
class Items extends Map<string, Item> {
  override set(key: string, one: Item): this {
    return super.set(key, { pk: key, ...one });
  }
}

/** The protocol over a table in memory and a PingOne with scripted answers: a test takes a millisecond. */
export const startScript = ({
  onTable = () => {},
  timings: changed,
  random = 0.5,
  addPending,
  ...script
}: Script = {}) => {
  const clock = virtualClock(start);
  const timings = { ...defaultTimings, ...changed };
  const items = new Items();
  const resources: { readonly id: string }[] = [];
  /** The calls to PingOne with their times, in milliseconds. */
  const sent: string[] = [];
  const tables: TableCall[] = [];
  /** When the calls of an attempt's ledger end, in milliseconds since the epoch. */
  const tableDeadlines: number[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const answers = {
    create: [...(script.creates ?? [])],
    list: [...(script.lists ?? [])],
    show: [...(script.shows ?? [])],
  };
  let tokens = 1;

  const called = async (call: TableCall) => {
    tables.push(call);
    await onTable(call, items);
  };
  const plain = itemTable(items);
  const table: Table = {
    read: async (key) => {
      await called({ kind: 'read', key, set: {}, change: undefined });
      return plain.read(key);
    },
    change: async (key, change) => {
      await called({ kind: 'change', key, set: change.set ?? {}, change });
      return plain.change(key, change);
    },
  };
  const bodyOf = (kind: string, path: string, made: unknown, status: number): unknown => {
    if (status >= 400) return failure;
    if (kind === 'list') return { _embedded: { [collection]: resources } };
    return kind === 'create' ? made : resources.find(({ id }) => path.endsWith(id));
  };
  const send: Send = async ({ method, target: { path }, body: outgoing = '{}', headers }) => {
    const kind = method === 'POST' ? 'create' : path.endsWith(collection) ? 'list' : 'show';
    sent.push(`${kind} ${clock.now() - start}${headers.authorization === 'Bearer token-1' ? '' : ' renewed'}`);
    const isThere = kind !== 'show' || resources.some(({ id }) => path.endsWith(id));
    const scripted = answers[kind].shift() ?? { status: kind === 'create' ? 201 : isThere ? 200 : 404 };
    const { status = 200, fails, made = status === 201, afterMs, ...answer } = scripted;
    const one = {
      ...JSON.parse(outgoing),
      id: `r${resources.length + 1}`,
      createdAt: new Date(clock.now()).toISOString(),
    };
    if (kind === 'create' && made) resources.push(one);
    if (afterMs !== undefined) await sleep(clock, afterMs);
    if (fails) throw new (fails === 'lost' ? AnswerLost : NotSent)('as scripted');
    const text = JSON.stringify('body' in answer ? answer.body : bodyOf(kind, path, one, status)) ?? '';
    return { status, headers: answer.headers ?? {}, body: Buffer.from(text) };
  };
  const accessToken = {
    get: async () => ({ value: `token-${tokens}`, api: targetOf('https://pingone.invalid/v1') }),
    prefetch: () => {},
    drop: () => void tokens++,
  };
  const { provision } = coreIn({
    endpoint,
    timings,
    table: (deadline) => {
      tableDeadlines.push(deadline);
      return table;
    },
    addPending,
    accessToken,
    send,
    clock,
    random: () => random,
    newOwner: () => `owner-${tables.length}`,
    log: (level, line) => void lines.push({ level, ...line }),
  });

  const ask = ({ key, withinMs = 26_000, arrivalID = 'arrival', ...asking }: Asking = {}) => {
    const request = { ...httpRequest(endpoint, { parameters, body, key, arrivalID }), ...asking };
    return provision(request, clock.now() + withinMs).then(
      (outcome): { readonly code: string; readonly outcome: Outcome } => ({ code: outcome.how, outcome }),
      (
        error,
      ): {
        readonly code: string;
        readonly status: number;
        readonly facts: Problem['facts'];
        readonly message: string;
      } => {
        if (!(error instanceof Problem)) throw error;
        const { code, status, facts, message } = error;
        return { code, status, facts, message };
      },
    );
  };
  const attemptLine = () => lines.find((line) => 'attempt' in line)?.attempt;
  const pass = (milliseconds: number) => sleep(clock, milliseconds);
  return { ask, clock, items, resources, sent, tables, tableDeadlines, lines, attemptLine, pass };
};
