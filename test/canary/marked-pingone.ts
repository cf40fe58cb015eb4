import { isRecord, parseJson } from '../../infra/local/loopback/json.ts';
import type { Arrival } from '../../infra/local/loopback/loopback.ts';
import type { Outgoing } from '../../infra/local/loopback/outgoing.ts';
import type { Canaries } from './canaries.ts';

/** The PingOne text that a caller may see: the answer to its own create. */
export const pingOneAnswer = 'PingOne’s answer';

/** Marks all PingOne texts except ids and addresses; codes and the Correlation-Id sometimes. */
export const markPingOne = (canaries: Canaries) => {
  let answers = 0;
  return (arrival: Arrival, outgoing: Outgoing): Outgoing => {
    addCredentials(canaries, arrival);
    if (typeof outgoing === 'string' || 'stream' in outgoing) return outgoing;
    const isOdd = ++answers % 2 === 1;
    const mark = canaries.mark(sourceOf(arrival, outgoing.status));
    const headers = {
      ...outgoing.headers,
      server: mark,
      'x-request-id': mark,
      'www-authenticate': `Bearer error_description="${mark}"`,
      ...(isOdd && { 'Correlation-Id': `${mark} ${mark}` }),
    };
    const { body = '' } = outgoing;
    return { ...outgoing, headers, body: markedText(String(body), { mark, isOdd, canaries }) };
  };
};

interface Marking {
  readonly mark: string;
  readonly isOdd: boolean;
  readonly canaries: Canaries;
}

const sourceOf = ({ method, path }: Arrival, status: number): string => {
  if (path.endsWith('/as/token')) return 'PingOne’s token endpoint';
  if (status >= 500 || status === 408 || status === 401) return 'PingOne’s failure';
  return method === 'GET' && /\/[a-z]+$/i.test(path) ? 'PingOne’s list' : pingOneAnswer;
};

/** The credentials that the gateway sends to the token endpoint. */
const addCredentials = (canaries: Canaries, { headers, body }: Arrival): void => {
  const pair = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (pair === undefined) return;
  const [id = '', secret = ''] = Buffer.from(pair, 'base64').toString().split(':').map(decodeURIComponent);
  canaries.add('the client id', id);
  canaries.add('the client secret', secret);
  canaries.add('a token request', body.toString());
};

const markedText = (text: string, marking: Marking): string => {
  const value = parseJson(text);
  return isRecord(value) ? JSON.stringify(markedValue(value, marking)) : `${text}${marking.mark}`;
};

const markedValue = (value: Readonly<Record<string, unknown>>, marking: Marking): unknown => {
  const { mark, canaries } = marking;
  if (typeof value.access_token === 'string') canaries.add('an access token', value.access_token);
  if (typeof value.message === 'string') return markedError(value, marking);
  if (typeof value.error === 'string') return { ...value, error_description: mark, [mark]: mark };
  if (isRecord(value._embedded)) {
    const lists = Object.entries(value._embedded).map(([name, list]) => [name, [list].flat().map(noted(mark))]);
    return { ...value, [mark]: mark, _embedded: Object.fromEntries(lists) };
  }
  return noted(mark)(value);
};

/** Adds members to an answer, as PingOne may. */
const noted =
  (mark: string) =>
  (resource: unknown): unknown => ({ ...Object(resource), note: mark, [mark]: { token: mark } });

const markedError = ({ code, message, details, ...rest }: Readonly<Record<string, unknown>>, marking: Marking) => {
  const { mark, isOdd } = marking;
  const detail = { target: mark, message: mark, innerError: { [mark]: mark, allowedValues: [mark] } };
  const codes = [details].flat().flatMap((each) => (isRecord(each) ? [each.code] : []));
  return {
    ...rest,
    id: mark,
    [mark]: mark,
    code: isOdd ? `secret ${mark}` : code,
    message: `${message}\n    at ${mark} (/${mark}:1:1)`,
    details: [...codes, isOdd ? mark : 'INVALID_VALUE'].map((each) => ({ ...detail, code: each })),
  };
};
