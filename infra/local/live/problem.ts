import { endpoints } from '../../../lib/endpoints/index.ts';
import { Problem as GatewayProblem, type Violation } from '../../../lib/problems.ts';
import { checkedEvent } from '../../../lib/queue/checked-event.ts';
import { explainedProblems } from '../../documents/problem-help.ts';
import { isRecord, membersOf, parseJson, textOf } from '../loopback/json.ts';
import { codeIn, type OutcomeName } from './outcome.ts';
import type { Row } from './row.ts';
import { undeliveredProblem } from './undelivered.ts';

/** The reason why a request has no resource, and the remedy. */
export interface Problem {
  readonly code?: string | undefined;
  readonly title: string;
  /** The gateway's or PingOne's own message. */
  readonly detail?: string | undefined;
  readonly remedy?: string | undefined;
  readonly violations: readonly { readonly target: string; readonly message: string }[];
}

export const problemOf = (row: Row, outcome: OutcomeName): Problem | undefined => {
  const { event, item, messages, published } = row;
  if (outcome === 'running') return undefined;
  if (event && (outcome === 'undelivered' || event.error !== undefined))
    return { ...undeliveredProblem(event), violations: [] };
  const newest = row.attempts.at(-1);
  const failure = published?.how === undefined ? published : undefined;
  const deadLetter = messages.find(({ isDead }) => isDead);
  const isCreated = item?.state === 'created';
  if (isCreated && !newest?.answer && !failure && !deadLetter) return undefined;
  const code =
    codeIn(newest?.answer?.body ?? '') ??
    deadLetter?.code ??
    failure?.code ??
    newest?.line?.code ??
    (isCreated ? undefined : textOf(item?.problem));
  const answer = newest?.answer && newest.answer.status >= 400 ? membersOf(parseJson(newest.answer.body)) : {};
  const message =
    textOf(answer.detail) ?? textOf(answer.message) ?? textOf(membersOf(parseJson(failure?.detail)).detail);
  const detail = message ?? newest?.error;
  if (code === undefined && detail === undefined && outcome !== 'lost') return undefined;
  const help = explainedProblems.find((each) => each.code === code) ?? ownHelp[code ?? ''];
  return {
    code,
    title: help?.title ?? message ?? ownHelp[outcome]?.title ?? 'The function ended without a result',
    detail,
    remedy: help?.remedy ?? ownHelp[outcome]?.remedy,
    violations: violationsOf(row, answer.details),
  };
};

/** The violations in an HTTP answer; those of an event by the same check, since its outcome has only their codes. */
const violationsOf = (row: Row, details: unknown): Problem['violations'] => {
  if (!Array.isArray(details))
    return eventViolations(row).map(({ target, pointer = '', message }) => ({ target: target ?? pointer, message }));
  return details
    .filter(isRecord)
    .map(({ code, message = code, target }) => ({ target: textOf(target) ?? '', message: String(message) }));
};

const eventViolations = ({ published, endpoint: name, attempts }: Row): readonly Violation[] => {
  const body = attempts.at(-1)?.body ?? '';
  const endpoint = endpoints.find((each) => each.name === name);
  const event: unknown = parseJson(body);
  if (published?.code !== 'INVALID_DATA' || !endpoint || !isEvent(event)) return [];
  try {
    checkedEvent(event, body, { endpoint, unknownMembers: 'refuse' });
    return [];
  } catch (error) {
    return error instanceof GatewayProblem ? (error.facts.violations ?? []) : [];
  }
};

type RequestEvent = Parameters<typeof checkedEvent>[0];

const isEvent = (value: unknown): value is RequestEvent => isRecord(value) && typeof value['detail-type'] === 'string';

const unreadable = 'Tell its sender, then delete it.';

/** Titles and remedies of dead letters' codes, and of outcomes without a problem document. */
const ownHelp: Readonly<Record<string, { readonly title?: string; readonly remedy: string }>> = {
  NOT_JSON: { title: 'The message is not JSON', remedy: unreadable },
  NO_EVENT: { title: 'The message is not an EventBridge event', remedy: unreadable },
  OTHER_EVENT: { title: 'The event is of another type', remedy: unreadable },
  RECEIVED_TOO_OFTEN: { title: 'The message was received too often', remedy: 'Fix the cause, then redrive it.' },
  denied: { remedy: 'API Gateway asks for a token with the scope of the route; `GET /local` has one.' },
  limited: { remedy: 'Send it again later.' },
  lost: {
    title: 'The message is gone, and no part has recorded its outcome',
    remedy: 'Send it again with the same key.',
  },
};
