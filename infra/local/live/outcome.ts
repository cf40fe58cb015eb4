import { textOf } from '../loopback/json.ts';
import type { PublishedOutcome, Tone } from './observation.ts';
import type { Attempt, Row } from './row.ts';

export type Group = 'active' | 'created' | 'unknown' | 'rejected' | 'failed';

/** Every state of a request: its label on the page, its tone, and the filter that finds it. */
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

/** Whether a request has its final outcome. */
export const isSettled = (row: Row): boolean => !['active', 'unknown'].includes(outcomeOf(row).group);

/** The state of a request by the ledger, the queues and the answers; the first that applies. */
const nameOf = (row: Row): OutcomeName => {
  const { attempts, event, item, messages, published } = row;
  if (event?.error !== undefined) return 'invalid';
  if (event && event.queue === undefined && attempts.length === 0) return 'undelivered';
  if (attempts.some(isRunning)) return 'running';
  if (item?.state === 'created') return isGone(row) ? 'gone' : creationOf(row);
  if (!isPublished(row) && messages.some(({ isDead }) => !isDead)) {
    return item?.state === 'unknown' || item?.state === 'sending' ? 'unknown' : 'waiting';
  }
  if (messages.some(({ isDead }) => isDead)) return 'deadLetter';
  // The attempt that was sending has died.
  if (item?.state === 'unknown' || item?.state === 'sending') return 'unknown';
  if (item?.state === 'accepted') return 'lost';
  if (item?.state === 'rejected') return outcomeForCode(textOf(item.problem), Number(item.status));
  if (published) return outcomeOfPublished(published);
  return outcomeOfLast(attempts.at(-1));
};

export const isRunning = ({ ended }: Attempt): boolean => ended === undefined;

/** Whether the outcome of the newest attempt is published: its message is deleted when its function ends. */
export const isPublished = ({ published, attempts }: Row): boolean =>
  published !== undefined && published.at >= (attempts.at(-1)?.at ?? 0);

/** The outcome that one answer states. */
export const outcomeOfAnswer = (
  status: number,
  headers: Readonly<Record<string, unknown>>,
  code: string | undefined,
): OutcomeName => creationNamed(textOf(headers['provisioner-outcome'])) ?? outcomeForCode(code, status);

/** The outcome that was published on the bus. */
export const outcomeOfPublished = ({ how, code, status }: PublishedOutcome): OutcomeName =>
  creationNamed(how) ?? outcomeForCode(code, status);

const outcomeOfLast = (attempt: Attempt | undefined): OutcomeName => {
  if (attempt?.answer) {
    const { status, headers, body } = attempt.answer;
    return outcomeOfAnswer(status, headers, codeIn(body) ?? attempt.line?.code);
  }
  return attempt?.error === undefined ? 'lost' : 'failed';
};

/** The result of the newest attempt that obtained the resource. */
const creationOf = ({ attempts, published }: Row): OutcomeName => {
  const creations = attempts.map(({ line }) => creationNamed(line?.outcome));
  return creations.findLast((each) => each !== undefined) ?? creationNamed(published?.how) ?? 'created';
};

const isGone = ({ attempts }: Row): boolean =>
  attempts.findLast(({ line }) => line !== undefined)?.line?.code === 'RESOURCE_GONE';

const creations = ['created', 'adopted', 'replayed'] as const;

const creationNamed = (name: string | undefined) => creations.find((each) => each === name);

const byCode: Readonly<Record<string, OutcomeName>> = {
  INVALID_DATA: 'invalid',
  INVALID_REQUEST: 'invalid',
  ACCESS_FAILED: 'denied',
  REQUEST_IN_PROGRESS: 'busy',
  NAME_BUSY: 'busy',
  RESOURCE_GONE: 'gone',
  KEY_REUSED: 'keyReused',
  REQUEST_LIMITED: 'limited',
  OUTCOME_UNKNOWN: 'unknown',
  PINGONE_REFUSED: 'rejected',
};

const outcomeForCode = (code = '', status = 500): OutcomeName => {
  const outcome = byCode[code];
  if (outcome !== undefined) return outcome;
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'limited';
  return status < 500 ? 'rejected' : 'failed';
};

/** The gateway's own code in a problem document, which ends its `type`; `code` may be PingOne's. */
export const codeIn = (body: string): string | undefined => /"type":"[^"]*#([A-Z_]+)"/.exec(body)?.[1];
