import { membersOf, parseJson, textOf } from '../loopback/json.ts';
import { deploymentOf } from './deployment.ts';
import type { LedgerItem } from './observation.ts';
import { isRunning, outcomeOf } from './outcome.ts';
import { problemOf } from './problem.ts';
import { retryOption } from './retry.ts';
import { newestRequest, type Row } from './row.ts';
import { curlOf, shownRequest, shownResponse } from './shown-message.ts';
import { webhookIn } from './webhook.ts';

/** A request as the page shows it, without secrets. Times are in milliseconds since the epoch. */
export const viewOf = (row: Row) => {
  const { id, number, at, attempts, event, item, messages } = row;
  const { name: outcome, label, tone, group } = outcomeOf(row);
  const newest = attempts.at(-1);
  const running = attempts.findLast(isRunning);
  const call = newestRequest(row);
  const { body, key } = contentOf(row);
  return {
    id,
    number,
    at,
    outcome,
    label: (running && row.steps.findLast(({ activity }) => activity !== undefined)?.activity) ?? label,
    tone,
    group,
    /** Start of the running attempt; undefined if none runs. */
    runningSince: running?.at,
    /** Duration of the newest attempt; undefined while one runs. */
    durationMs: running || newest?.ended === undefined ? undefined : newest.ended - newest.at,
    /** When its message can be received again. */
    nextDeliveryAt: running ? undefined : messages.find(({ isDead }) => !isDead)?.visibleAt,
    name: textOf(membersOf(body).name),
    operation: row.endpoint ?? event?.type ?? 'unknown operation',
    caller: textOf(item?.caller) ?? attempts.findLast(({ line }) => line?.caller)?.line?.caller,
    door: event ? 'Event bus' : call ? (webhookIn(call) ? 'Webhook' : 'HTTP') : 'Queue',
    key: key ?? textOf(item?.key),
    attempts: attempts.length,
    problem: problemOf(row, outcome),
    retry: retryOption(row),
    request: shownRequest(row),
    response: shownResponse(row),
    // The bytes of a webhook are signed, and its time passes.
    curl: call && !webhookIn(call) ? curlOf(call) : undefined,
    timeline: timelineOf(row),
    deployment: deploymentOf(row),
    ledger: item && ledgerOf(item, row.request),
  };
};

export type View = ReturnType<typeof viewOf>;

/** The body and the key of an HTTP request, or of the detail of an event. */
const contentOf = (row: Row): { readonly body?: unknown; readonly key?: string | undefined } => {
  const { attempts, event, messages } = row;
  const request = newestRequest(row);
  const webhook = request && webhookIn(request);
  if (webhook) return webhook;
  if (request) return { body: parseJson(request.body), key: textOf(request.headers['idempotency-key']) };
  const message = membersOf(parseJson(attempts.at(-1)?.body ?? messages[0]?.body));
  const detail = membersOf(event ? parseJson(event.detail) : (message.detail ?? message));
  return { body: detail.body, key: textOf(detail.idempotencyKey) };
};

const timelineOf = ({ attempts, steps }: Row) =>
  steps.map(({ at, part, text, tone }) => {
    /** Whether an attempt of several starts here. */
    const startsAttempt = attempts.length > 1 && steps.length > 1 && attemptStart.test(`${part} ${text}`);
    return { at, part, text, tone, startsAttempt };
  });

const attemptStart = /^(gateway Received|queue Delivered)/;

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

const ledgerOf = (item: LedgerItem, request = ''): readonly (readonly [name: string, value: string | number])[] => [
  ['request', request],
  ...shownMembers.flatMap((name) => {
    const value = item[name];
    if (value === undefined) return [];
    // DynamoDB's TTL is in seconds.
    if (name === 'expires') return [[name, Number(value) * 1000] as const];
    return [[name, typeof value === 'number' ? value : [value].flat().join(', ')] as const];
  }),
];
