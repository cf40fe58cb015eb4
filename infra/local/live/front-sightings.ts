import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';
import type { Sighting, State } from './step.ts';

type Asked = Pick<Arrival, 'method' | 'path' | 'headers'>;

/** A create that came to the front; nothing where something else is asked. */
export const received = (gatewayID: string, { method, path, headers }: Asked): Sighting | undefined => {
  if (!isCreate({ method, path })) return undefined;
  const key = headers['idempotency-key'] === undefined ? 'without an Idempotency-Key' : 'with an Idempotency-Key';
  const prefers = headers.prefer === undefined ? '' : `, prefers ${String(headers.prefer).slice(0, 40)}`;
  const endpoint = endpoints.find((each) => matchPath(`/v1${each.path}`, path));
  return {
    ids: [gatewayID],
    opens: true,
    step: {
      part: 'gateway',
      text: `Received over HTTP ${key}${prefers}`,
      tone: 'plain',
      stage: 'received',
      begins: true,
      facts: { endpoint: endpoint?.name, door: 'HTTP', gatewayID },
    },
  };
};

/** What the front answered to a create. */
export const answered = (
  gatewayID: string,
  asked: Pick<Arrival, 'method' | 'path'>,
  reply: Reply,
): Sighting | undefined => {
  if (!isCreate(asked)) return undefined;
  const { status } = reply;
  const body = parseJson(reply.body?.toString());
  const code = codeOf(body);
  const outcome = reply.headers?.['provisioner-outcome']?.toString();
  const wait = reply.headers?.['retry-after'];
  const said = [
    status,
    outcome ?? code,
    ...violationsIn(body),
    ...(wait === undefined ? [] : [`retry after ${wait} s`]),
  ];
  return {
    ids: [gatewayID],
    step: {
      part: 'gateway',
      text: `Answered ${said.filter((part) => part !== undefined).join(', ')}`,
      tone: toneOf(status, code),
      ...(status === 201 && { stage: 'settled' }),
      facts: { status, code, state: made[outcome ?? ''], stateElse: stateOf(status, code) },
    },
  };
};

const isCreate = ({ method, path }: Pick<Arrival, 'method' | 'path'>): boolean =>
  method === 'POST' && path.startsWith('/v1/');

/** Of a problem document the end of its type, else API Gateway's own word. */
const codeOf = (body: unknown): string | undefined => {
  if (!isRecord(body)) return undefined;
  if (typeof body.type === 'string') return body.type.split('#')[1];
  return typeof body.message === 'string' && body.id === undefined ? body.message : undefined;
};

const mostFaults = 5;

/** What is at fault, without what was sent: `REQUIRED_VALUE at connector.id`. */
const violationsIn = (body: unknown): string[] => {
  const details = isRecord(body) && Array.isArray(body.details) ? body.details : [];
  return details.slice(0, mostFaults).flatMap((detail: unknown) => {
    if (!isRecord(detail) || typeof detail.code !== 'string') return [];
    return [typeof detail.target === 'string' ? `${detail.code} at ${detail.target.slice(0, 80)}` : detail.code];
  });
};

const toneOf = (status: number, code: string | undefined) => {
  if (status < 300) return 'good';
  return code === 'OUTCOME_UNKNOWN' || code === 'REQUEST_IN_PROGRESS' ? 'open' : 'bad';
};

const made: Readonly<Record<string, State>> = { created: 'created', adopted: 'adopted', replayed: 'replayed' };

const stateOf = (status: number, code: string | undefined): State | undefined => {
  if (status < 300) return undefined;
  if (code === 'OUTCOME_UNKNOWN') return 'unknown';
  return status < 500 ? 'refused' : 'failed';
};
