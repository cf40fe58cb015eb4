import { endpoints } from '../../../lib/endpoints/index.ts';
import { Problem as GatewayProblem, type Violation } from '../../../lib/problems.ts';
import { checkedEvent } from '../../../lib/queue/checked-event.ts';
import { explainedProblems } from '../../documents/problem-help.ts';
import { eventBusName } from '../gateway/endpoint-queues.ts';
import { isRecord, parseJson, textOf } from '../loopback/json.ts';
import { codeIn, type OutcomeName } from './outcome.ts';
import type { Row } from './row.ts';

/** Why a request has no resource, and what to do. */
export interface Problem {
  readonly code: string | undefined;
  readonly title: string;
  /** What happened, in the gateway's or PingOne's words. */
  readonly detail: string | undefined;
  readonly remedy: string | undefined;
  readonly violations: readonly { readonly target: string; readonly message: string }[];
}

export const problemOf = (row: Row, outcome: OutcomeName): Problem | undefined => {
  const { event, item, messages, published } = row;
  if (outcome === 'undelivered' || (event?.error !== undefined && outcome === 'invalid')) return undeliveredBy(row);
  const newest = row.attempts.at(-1);
  const answer = newest?.answer && newest.answer.status >= 400 ? parseJson(newest.answer.body) : undefined;
  const died = newest?.error;
  const dead = messages.find(({ isDead }) => isDead);
  const told = isRecord(answer) ? answer : undefined;
  const isMade = item?.state === 'created';
  const failed = published?.how === undefined ? published : undefined;
  const code =
    codeIn(newest?.answer?.body ?? '') ??
    dead?.code ??
    failed?.code ??
    newest?.line?.code ??
    (isMade ? undefined : textOf(item?.problem));
  const help = explainedProblems.find((each) => each.code === code);
  const message = textOf(told?.detail) ?? textOf(told?.message) ?? detailOf(failed?.detail);
  if (
    outcome === 'running' ||
    (code === undefined && message === undefined && died === undefined && outcome !== 'lost')
  )
    return undefined;
  if (isMade && newest?.answer === undefined && failed === undefined && dead === undefined) return undefined;
  return {
    code,
    title: help?.title ?? titles[code ?? ''] ?? message ?? titles[outcome] ?? 'The function ended without a result',
    detail: message ?? died,
    remedy: help?.remedy ?? remedies[code ?? ''] ?? remedies[outcome],
    violations: violationsOf(row, told).map(({ target, pointer, message: said }) => ({
      target: target ?? pointer ?? '',
      message: said,
    })),
  };
};

/** Of an HTTP answer its details; of an event what the same check says again, since an outcome has codes alone. */
const violationsOf = (row: Row, answer: Readonly<Record<string, unknown>> | undefined): readonly Violation[] => {
  if (Array.isArray(answer?.details)) return answer.details.filter(isRecord).map(violationIn);
  if (row.published?.code !== 'INVALID_DATA') return [];
  const endpoint = endpoints.find(({ name }) => name === row.endpoint);
  const body = row.attempts.at(-1)?.body ?? '';
  const event: unknown = parseJson(body);
  if (!endpoint || !isEvent(event)) return [];
  try {
    checkedEvent(event, body, { endpoint, unknownMembers: 'refuse' });
    return [];
  } catch (error) {
    return error instanceof GatewayProblem ? (error.facts.violations ?? []) : [];
  }
};

type RequestEvent = Parameters<typeof checkedEvent>[0];

const isEvent = (value: unknown): value is RequestEvent => isRecord(value) && typeof value['detail-type'] === 'string';

const violationIn = ({ code, message, target }: Readonly<Record<string, unknown>>): Violation => ({
  code: String(code),
  message: String(message ?? code),
  target: textOf(target),
});

/** Why no rule of the bus took an event. */
const undeliveredBy = ({ event }: Row): Problem => {
  const { bus, type, source, error } = event ?? { bus: '', type: '', source: '', error: undefined };
  const types = endpoints.map((endpoint) => endpoint.event).join(' or ');
  const nothing = { code: undefined, violations: [] };
  if (error !== undefined)
    return {
      ...nothing,
      title: 'The bus refused the event',
      detail: error,
      remedy: 'Mend the entry and put it again.',
    };
  if (bus !== eventBusName) {
    const detail = `The event went to the bus ${bus}, which has no rule for it.`;
    return { ...nothing, title: 'No rule took the event', detail, remedy: `Put it on the bus \`${eventBusName}\`.` };
  }
  if (endpoints.some((endpoint) => endpoint.event === type)) {
    const detail = `The source ${source} is the gateway’s own: its events are outcomes.`;
    return { ...nothing, title: 'No rule took the event', detail, remedy: 'Use a source of your own.' };
  }
  const detail = `No rule takes events of the type ${type}.`;
  return { ...nothing, title: 'No rule took the event', detail, remedy: `Use the \`detail-type\` ${types}.` };
};

const detailOf = (text: string | undefined): string | undefined => {
  const detail = parseJson(text);
  return isRecord(detail) ? textOf(detail.detail) : undefined;
};

const titles: Readonly<Record<string, string>> = {
  NOT_JSON: 'The message is not JSON',
  NO_EVENT: 'The message is not an EventBridge event',
  OTHER_EVENT: 'The event is of another type',
  RECEIVED_TOO_OFTEN: 'The message was received too often',
  lost: 'The message is gone, and nothing says what became of it',
};

const remedies: Readonly<Record<string, string>> = {
  NOT_JSON: 'Tell its sender, then delete it.',
  NO_EVENT: 'Tell its sender, then delete it.',
  OTHER_EVENT: 'Tell its sender, then delete it.',
  RECEIVED_TOO_OFTEN: 'Mend what fails, then redrive it.',
  denied: 'API Gateway asks for a token with the scope of the route; `GET /local` has one.',
  limited: 'Send it again later.',
  lost: 'Send it again with the same key.',
};
