import { textOf } from '../loopback/json.ts';
import type { Tone } from './fact.ts';
import type { Attempt, Row } from './row.ts';

export type Group = 'active' | 'created' | 'unknown' | 'rejected' | 'failed';

/** Every state of a request: its name on the page, how it looks, and which filter finds it. */
export const outcomes = {
  running: { label: 'In progress', tone: 'plain', group: 'active' },
  waiting: { label: 'Waiting', tone: 'plain', group: 'active' },
  created: { label: 'Created', tone: 'good', group: 'created' },
  adopted: { label: 'Adopted', tone: 'good', group: 'created' },
  replayed: { label: 'Replayed', tone: 'good', group: 'created' },
  unknown: { label: 'Unknown', tone: 'open', group: 'unknown' },
  rejected: { label: 'Rejected', tone: 'bad', group: 'rejected' },
  invalid: { label: 'Invalid', tone: 'bad', group: 'rejected' },
  denied: { label: 'Denied', tone: 'bad', group: 'rejected' },
  busy: { label: 'Busy', tone: 'open', group: 'rejected' },
  gone: { label: 'Gone', tone: 'bad', group: 'rejected' },
  keyReused: { label: 'Key reused', tone: 'bad', group: 'rejected' },
  limited: { label: 'Limited', tone: 'open', group: 'failed' },
  failed: { label: 'Failed', tone: 'bad', group: 'failed' },
  deadLetter: { label: 'Dead letter', tone: 'bad', group: 'failed' },
  undelivered: { label: 'Not delivered', tone: 'bad', group: 'failed' },
  lost: { label: 'Lost', tone: 'bad', group: 'failed' },
} as const satisfies Record<string, { readonly label: string; readonly tone: Tone; readonly group: Group }>;

export type OutcomeName = keyof typeof outcomes;

export const outcomeOf = (row: Row) => {
  const name = nameOf(row);
  return { name, ...outcomes[name] };
};

/** The state of a request, from what the ledger, the queues and the answers say; in this order. */
const nameOf = (row: Row): OutcomeName => {
  const { attempts, event, item, messages, published } = row;
  if (event?.error !== undefined) return 'invalid';
  if (event && event.queue === undefined && attempts.length === 0) return 'undelivered';
  if (attempts.some(isRunning)) return 'running';
  if (item?.state === 'created') return isGone(row) ? 'gone' : madeBy(row);
  // Its message is deleted once its function has ended.
  const isPublished = published && published.at >= (attempts.at(-1)?.at ?? 0);
  if (!isPublished && messages.some(({ isDead }) => !isDead)) {
    return item?.state === 'unknown' || item?.state === 'sending' ? 'unknown' : 'waiting';
  }
  if (messages.some(({ isDead }) => isDead)) return 'deadLetter';
  // A sending attempt that runs no more has died.
  if (item?.state === 'unknown' || item?.state === 'sending') return 'unknown';
  if (item?.state === 'accepted') return 'lost';
  if (item?.state === 'rejected') return byCode(textOf(item.problem), Number(item.status));
  if (published) return howOf(published.how) ?? byCode(published.code, published.status);
  return answered(attempts.at(-1));
};

export const isRunning = ({ ended }: Attempt): boolean => ended === undefined;

const answered = (attempt: Attempt | undefined): OutcomeName => {
  if (attempt?.answer) {
    const { status } = attempt.answer;
    const how = howOf(textOf(attempt.answer.headers['provisioner-outcome']));
    return how ?? byCode(codeIn(attempt.answer.body) ?? attempt.line?.code, status);
  }
  return attempt?.error === undefined ? 'lost' : 'failed';
};

/** How the newest attempt that got the resource came by it. */
const madeBy = ({ attempts, published }: Row): OutcomeName => {
  const told = attempts.map(({ line }) => howOf(line?.outcome)).findLast((how) => how !== undefined);
  return told ?? howOf(published?.how) ?? 'created';
};

const isGone = ({ attempts }: Row): boolean =>
  attempts.findLast(({ line }) => line !== undefined)?.line?.code === 'RESOURCE_GONE';

const hows = ['created', 'adopted', 'replayed'] as const;

const howOf = (text: string | undefined) => hows.find((how) => how === text);

const named: Readonly<Record<string, OutcomeName>> = {
  INVALID_DATA: 'invalid',
  INVALID_REQUEST: 'invalid',
  ACCESS_FAILED: 'denied',
  REQUEST_IN_PROGRESS: 'busy',
  RESOURCE_GONE: 'gone',
  KEY_REUSED: 'keyReused',
  REQUEST_LIMITED: 'limited',
  OUTCOME_UNKNOWN: 'unknown',
  PINGONE_REFUSED: 'rejected',
};

const byCode = (code: string | undefined, status = 500): OutcomeName => {
  const own = code === undefined ? undefined : named[code];
  if (own !== undefined) return own;
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'limited';
  return status < 500 ? 'rejected' : 'failed';
};

/** Of a problem document the end of its type: our own code, where `code` may be PingOne's. */
export const codeIn = (body: string): string | undefined => /"type":"[^"]*#([A-Z_]+)"/.exec(body)?.[1];
