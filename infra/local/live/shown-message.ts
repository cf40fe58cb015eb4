import { withoutBasePath } from '../api-gateway/base-path.ts';
import { parseJson } from '../loopback/json.ts';
import type { RecordedRequest } from '../loopback/recorded-request.ts';
import { quote } from '../start/quote.ts';
import { masked, maskedHeaders, maskedJson } from './mask.ts';
import { newestRequest, type Row } from './row.ts';

/** A request or an answer as the page shows it, without secrets. */
interface ShownMessage {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const shownRequest = (row: Row): ShownMessage => {
  const { attempts, event, messages } = row;
  const request = newestRequest(row);
  if (request) {
    const { method, path, headers, body } = request;
    return { line: `${method} ${path}`, headers: maskedHeaders(headers), body: shownBody(body) };
  }
  if (event) {
    const { bus, source, type, id, detail } = event;
    const headers = { bus, source, 'detail-type': type, id };
    return { line: `PutEvents ${bus}`, headers, body: shownBody(detail) };
  }
  const body = attempts.at(-1)?.body ?? messages[0]?.body ?? '';
  return { line: 'SendMessage', headers: {}, body: shownBody(body) };
};

/** The published outcome, else the HTTP answer. */
export const shownResponse = ({ published, attempts }: Row): ShownMessage | undefined => {
  if (published) {
    const { type, detail } = published;
    return { line: type, headers: { 'detail-type': type }, body: shownBody(detail) };
  }
  const answer = attempts.findLast((attempt) => attempt.answer)?.answer;
  if (!answer) return undefined;
  return { line: `HTTP ${answer.status}`, headers: maskedHeaders(answer.headers), body: shownBody(answer.body) };
};

const maximumShown = 20_000;

/** Hides a body that is not JSON: its secrets cannot be recognised. */
const shownBody = (body: string): string => {
  if (body === '') return '';
  const content = parseJson(body);
  if (content === undefined) return `${masked} ${Buffer.byteLength(body)} bytes that are not JSON`;
  const text = JSON.stringify(maskedJson(content), null, 2);
  const hidden = text.length - maximumShown;
  return hidden > 0 ? `${text.slice(0, maximumShown)}\n… ${hidden} more characters` : text;
};

/** Headers that curl or the browser sets itself, or that belong to a signature. */
const notCopied =
  /^(host|connection|content-length|accept.*|transfer-encoding|sec-.*|origin|referer|user-agent|x-amz-.*)$/;

/** A curl command that repeats the request, with a token for a signature; the page replaces `$TOKEN`. */
export const curlOf = ({ method, path, headers, body }: RecordedRequest): string => {
  const copied = Object.entries(maskedHeaders(headers)).filter(([name]) => !notCopied.test(name));
  const content = parseJson(body);
  return [
    `curl --request ${method} ${quote(`http://${headers.host}${withoutBasePath(path)}`)}`,
    ...copied.map(([name, value]) =>
      name === 'authorization' ? '--header "authorization: Bearer $TOKEN"' : `--header ${quote(`${name}: ${value}`)}`,
    ),
    ...(content === undefined ? [] : [`--data ${quote(JSON.stringify(maskedJson(content)))}`]),
  ].join(' \\\n  ');
};
