import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { invocationOf } from '../loopback/invocation-header.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import type { Sighting, State, Step } from './step.ts';

type Call = Pick<Arrival, 'method' | 'path' | 'headers'>;

/** A call that PingOne got; only creates are worth a line before they are answered. */
export const pingOneCalled = (call: Call): Sighting | undefined =>
  kindOf(call) === 'create' ? sighting(call, { text: 'Has the create', tone: 'plain', stage: 'sent' }) : undefined;

/** What PingOne answered. */
export const pingOneAnswered = (call: Call & Pick<Arrival, 'over'>, outgoing: Outgoing): Sighting | undefined => {
  const kind = kindOf(call);
  if (kind === 'create' && call.over.aborted) return sighting(call, tooLate);
  return kind && sighting(call, said[kind](answerIn(outgoing)));
};

const tooLate = { text: 'Comes to an answer only now; nobody waits for it any more', tone: 'open' } as const;

/** What the sandbox was told to do wrong with a call. */
export const faultDrawn = (call: Call, kind: string): Sighting =>
  sighting(call, { text: `Told to fail this time: ${kind}`, tone: 'open' });

type Kind = 'token' | 'create' | 'list' | 'read';

const kindOf = ({ method, path }: Call): Kind | undefined => {
  if (path.endsWith('/as/token')) return 'token';
  for (const endpoint of endpoints) {
    if (matchPath(`/v1${endpoint.path}`, path)) return method === 'POST' ? 'create' : 'list';
    if (matchPath(`/v1${endpoint.path}/{id}`, path)) return 'read';
  }
  return undefined;
};

type Said = Pick<Step, 'text' | 'tone' | 'facts'>;

interface Answer {
  /** Undefined where none came. */
  readonly status: number | undefined;
  readonly body: unknown;
}

const noAnswer: Answer = { status: undefined, body: undefined };

const answerIn = (outgoing: Outgoing): Answer => {
  // Half an answer may never become a whole one.
  if (typeof outgoing === 'string' || 'stream' in outgoing || 'rest' in outgoing) return noAnswer;
  return { status: outgoing.status, body: parseJson(outgoing.body?.toString()) };
};

const said: Readonly<Record<Kind, (answer: Answer) => Said>> = {
  token: ({ status }) =>
    status === 200
      ? { text: 'Gives an access token', tone: 'plain' }
      : { text: `Gives no access token (${status})`, tone: 'bad' },

  create: ({ status, body }) => {
    if (status === undefined) return { ...lost, text: 'No whole answer comes: whether it was created is unknown' };
    const id = isRecord(body) && typeof body.id === 'string' ? body.id : undefined;
    if (status === 201 && id !== undefined) return { text: `Answers 201 with the resource ${id}`, tone: 'good' };
    if (status === 201) return { ...lost, text: 'Answers 201, unreadable: whether it was created is unknown' };
    const code = isRecord(body) && typeof body.code === 'string' ? ` ${body.code}` : '';
    const refused = status >= 400 && status < 500 && status !== 408;
    if (refused) return { text: `Answers ${status}${code}: not created`, tone: 'bad' };
    return { ...lost, text: `Answers ${status}${code}: whether it was created is unknown` };
  },

  list: ({ status, body }) =>
    status === 200 && isRecord(body)
      ? { text: `Lists what is there: ${Number(body.count)}`, tone: 'plain' }
      : { text: `Its list can’t be read (${status ?? 'no answer'})`, tone: 'open' },

  read: ({ status }) => ({ text: `Reads the resource again: ${status}`, tone: status === 200 ? 'plain' : 'open' }),
};

const unknown: State = 'unknown';
const lost = { tone: 'open', facts: { state: unknown } } as const;

const sighting = (call: Call, step: Omit<Step, 'at' | 'part'>): Sighting => ({
  ids: [],
  within: [invocationOf(call), call.headers['x-ping-external-transaction-id']?.toString()],
  step: { part: 'PingOne', ...step },
});
