import { endpoints } from '../../../lib/endpoints/index.ts';
import { isRecord, parseJson, textOf } from '../loopback/json.ts';
import type { Answer, LedgerItem, Tone } from './fact.ts';
import { masked, maskedHeaders, maskedJson } from './mask.ts';
import { isRunning, outcomeOf } from './outcome.ts';
import { type Problem, problemOf } from './problem.ts';
import { type Again, againOf } from './retry.ts';
import type { Attempt, Row } from './row.ts';

/** A request as the page shows it: without secrets. Times are milliseconds since the epoch. */
export interface View {
  readonly id: string;
  readonly number: number;
  readonly at: number;
  readonly outcome: string;
  readonly label: string;
  readonly tone: Tone;
  readonly group: string;
  /** Since when the newest attempt runs; undefined where none does. */
  readonly since: number | undefined;
  /** How long the newest attempt took. */
  readonly ms: number | undefined;
  /** When its message comes again. */
  readonly comesAt: number | undefined;
  readonly name: string | undefined;
  readonly operation: string;
  readonly caller: string | undefined;
  readonly door: 'HTTP' | 'Event bus' | 'Queue';
  readonly key: string | undefined;
  readonly attempts: number;
  readonly problem: Problem | undefined;
  readonly again: Again | undefined;
  readonly request: { readonly line: string; readonly headers: Headers; readonly body: string };
  readonly response: { readonly line: string; readonly headers: Headers; readonly body: string } | undefined;
  readonly curl: string | undefined;
  readonly timeline: readonly Entry[];
  readonly ledger: readonly (readonly [name: string, value: string | number])[] | undefined;
}

type Headers = Readonly<Record<string, string>>;

interface Entry {
  readonly at: number;
  readonly part: string;
  readonly text: string;
  readonly tone: Tone;
  /** Whether an attempt begins here. */
  readonly begins: boolean;
}

export const viewOf = (row: Row): View => {
  const { id, number, at, attempts, event, item, messages } = row;
  const outcome = outcomeOf(row);
  const newest = attempts.at(-1);
  const running = attempts.findLast(isRunning);
  const content = contentOf(row);
  const waiting = messages.find(({ isDead }) => !isDead);
  const call = attempts.findLast(({ sent }) => sent);
  return {
    id,
    number,
    at,
    outcome: outcome.name,
    label: running ? (doingIn(row) ?? outcome.label) : outcome.label,
    tone: outcome.tone,
    group: outcome.group,
    since: running?.at,
    ms: running || newest?.ended === undefined ? undefined : newest.ended - newest.at,
    comesAt: running ? undefined : waiting?.visibleAt,
    name: nameIn(content.body),
    operation: endpoints.find(({ name }) => name === row.endpoint)?.name ?? event?.type ?? 'unknown operation',
    caller: textOf(item?.caller) ?? attempts.findLast(({ line }) => line?.caller)?.line?.caller,
    door: event ? 'Event bus' : call ? 'HTTP' : 'Queue',
    key: content.key ?? textOf(item?.key),
    attempts: attempts.length,
    problem: problemOf(row, outcome.name),
    again: againOf(row),
    request: shownRequest(row),
    response: shownResponse(row, attempts.findLast(({ answer }) => answer)?.answer),
    curl: curlOf(call),
    timeline: timelineOf(row),
    ledger: item && ledgerOf(item, row.request),
  };
};

/** What its newest call of PingOne that has not ended does. */
const doingIn = ({ steps }: Row): string | undefined => steps.findLast(({ doing }) => doing !== undefined)?.doing;

/** What a request asks for: by HTTP its body, by an event the body in its detail. */
const contentOf = ({
  attempts,
  event,
  messages,
}: Row): { readonly body: unknown; readonly key: string | undefined } => {
  const sent = attempts.findLast((attempt) => attempt.sent)?.sent;
  if (sent) return { body: parseJson(sent.body), key: textOf(sent.headers['idempotency-key']) };
  const message = parseJson(attempts.at(-1)?.body ?? messages[0]?.body);
  const detail = event ? parseJson(event.detail) : isRecord(message) ? (message.detail ?? message) : undefined;
  return isRecord(detail)
    ? { body: detail.body, key: textOf(detail.idempotencyKey) }
    : { body: undefined, key: undefined };
};

const nameIn = (body: unknown): string | undefined => (isRecord(body) ? textOf(body.name) : undefined);

const shownRequest = ({ attempts, event, messages }: Row): View['request'] => {
  const sent = attempts.findLast((attempt) => attempt.sent)?.sent;
  if (sent)
    return { line: `${sent.method} ${sent.path}`, headers: maskedHeaders(sent.headers), body: shownBody(sent.body) };
  if (event) {
    const headers = { bus: event.bus, source: event.source, 'detail-type': event.type, id: event.id };
    return { line: `PutEvents ${event.bus}`, headers, body: shownBody(event.detail) };
  }
  const body = attempts.at(-1)?.body ?? messages[0]?.body ?? '';
  return { line: 'SendMessage', headers: {}, body: shownBody(body) };
};

const shownResponse = ({ published }: Row, answer: Answer | undefined): View['response'] => {
  if (published)
    return { line: published.type, headers: { 'detail-type': published.type }, body: shownBody(published.detail) };
  if (!answer) return undefined;
  return { line: `HTTP ${answer.status}`, headers: maskedHeaders(answer.headers), body: shownBody(answer.body) };
};

const mostShown = 20_000;

/** A body that is not JSON is shown as its length, since its secrets cannot be recognised. */
const shownBody = (body: string): string => {
  if (body === '') return '';
  const content = parseJson(body);
  if (content === undefined) return `${masked} ${Buffer.byteLength(body)} bytes that are not JSON`;
  const text = JSON.stringify(maskedJson(content), null, 2);
  return text.length > mostShown ? `${text.slice(0, mostShown)}\n… ${text.length - mostShown} more characters` : text;
};

const connectionHeaders = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding']);

const notSentAgain = /^(sec-|origin$|referer$|user-agent$|accept)/;

const curlOf = (attempt: Attempt | undefined): string | undefined => {
  if (!attempt?.sent) return undefined;
  const { method, path, headers, body } = attempt.sent;
  const shown = Object.entries(maskedHeaders(headers)).filter(
    ([name]) => !connectionHeaders.has(name) && !notSentAgain.test(name),
  );
  const content = parseJson(body);
  return [
    `curl --request ${method} ${quoted(`http://${headers.host}${path}`)}`,
    ...shown.map(
      ([name, value]) => `--header ${quoted(`${name}: ${name === 'authorization' ? 'Bearer $TOKEN' : value}`)}`,
    ),
    ...(content === undefined ? [] : [`--data ${quoted(JSON.stringify(maskedJson(content)))}`]),
  ].join(' \\\n  ');
};

/** A word of a shell; the token alone is a variable. */
const quoted = (text: string): string =>
  text.endsWith('$TOKEN') ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const timelineOf = ({ attempts, steps }: Row): readonly Entry[] =>
  steps
    .map(({ at, part, text, tone }) => ({
      at,
      part,
      text,
      tone,
      begins: (part === 'gateway' && text.startsWith('Received')) || (part === 'queue' && text.startsWith('Delivered')),
    }))
    .map((entry, _, all) => ({ ...entry, begins: entry.begins && attempts.length > 1 && all.length > 1 }));

/** No hash of a body and no owner's token. */
const shownMembers = [
  'state',
  'caller',
  'resource',
  'problem',
  'status',
  'codes',
  'createdAt',
  'updatedAt',
  'firstSent',
  'lastSent',
  'endedBy',
  'graceMs',
  'lease',
  'expires',
  'settledBy',
];

const ledgerOf = (item: LedgerItem, request: string | undefined): NonNullable<View['ledger']> => [
  ['request', request ?? ''],
  ...shownMembers.flatMap((name) => {
    const value = item[name];
    if (value === undefined) return [];
    // In seconds, as DynamoDB's TTL wants it.
    if (name === 'expires') return [[name, Number(value) * 1000] as const];
    return [[name, typeof value === 'number' ? value : [value].flat().join(', ')] as const];
  }),
];
