import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { violationsIn } from '../../lib/validation/violations.ts';
import { inexactNumbers, nestedObjects } from '../harness/hostile-input.ts';
import type { HttpRequest } from './doors.ts';

/** Invalid bodies, each with a mark in every string. */
export const invalidBodies = (endpoint: Endpoint, mark: string): (string | Buffer)[] => {
  const { body } = endpoint.example;
  const members = [...Object.keys(body), 'accessControl', 'properties', mark];
  const values = [{ [mark]: mark }, mark, [mark], [{ [mark]: mark, type: mark, id: { [mark]: mark } }], `<${mark}`];
  const spoilt = members
    .flatMap((member) => values.map((value) => ({ ...body, [member]: value })))
    .filter((candidate) => violationsIn(endpoint.body, candidate).length > 0)
    .map((candidate) => JSON.stringify(candidate));
  const number = (text: string) => JSON.stringify({ ...body, [mark]: { [mark]: 0 } }).replace(/0(?=\}\}$)/, text);
  return [
    mark,
    `"${mark}"`,
    `["${mark}"]`,
    `{"${mark}":`,
    `{"name":"${mark}`,
    `{"name": ${mark}}`,
    `{"${mark}":{"__proto__":"${mark}"}}`,
    ...inexactNumbers.map(number),
    nestedObjects(600, JSON.stringify(mark), mark),
    Buffer.concat([Buffer.from(`{"name":"${mark}`), Buffer.from([0xff])]),
    JSON.stringify({ accessControl: { [mark]: mark, group: { groups: [mark] }, scope: { matchType: mark } } }),
    ...spoilt,
  ];
};

type InvalidRequest = Pick<HttpRequest, 'client' | 'claims' | 'headers' | 'parameters'>;

/** The same for headers and path. */
export const invalidRequests = (endpoint: Endpoint, mark: string): InvalidRequest[] => [
  ...Array.of<Record<string, string>>(
    { 'content-type': `text/${mark}` },
    { 'content-type': mark },
    { 'content-type': `application/json; charset=${mark}` },
    { 'content-encoding': mark },
    { 'idempotency-key': `${mark} ${mark}` },
    { 'idempotency-key': mark.repeat(20) },
  ).map((headers) => ({ client: 'ci', headers })),
  ...Object.keys(endpoint.example.parameters).map((name) => ({
    client: 'ci',
    parameters: { ...endpoint.example.parameters, [name]: mark },
  })),
  { client: 'ci', parameters: { [mark]: mark } },
  // No authentication, an ID token, a caller without grants, a token without a name.
  { headers: markedHeaders(mark) },
  { client: 'ci', claims: { at_hash: mark, nonce: mark, email: mark } },
  { client: 'stranger', claims: { scope: mark, email: mark, [mark]: mark } },
  { client: '', claims: { name: mark } },
];

/** Headers of a valid request. */
export const markedHeaders = (mark: string): Record<string, string> => ({
  authorization: `Bearer ${mark}`,
  cookie: `session=${mark}`,
  'user-agent': mark,
  prefer: `wait=${mark}, ${mark}`,
  'x-ping-external-transaction-id': mark,
  'x-ping-external-session-id': mark,
  traceparent: `00-${mark}`,
  tracestate: mark,
  baggage: mark,
  'x-amzn-trace-id': `Root=${mark};Parent=${mark}`,
  'x-forwarded-for': mark,
});

/** Details of invalid events. */
export const invalidDetails = (endpoint: Endpoint, mark: string): unknown[] => {
  const { body, parameters } = endpoint.example;
  const detail = { version: '1', ...parameters, body };
  return [
    { ...detail, version: mark },
    { ...detail, [mark]: mark, idempotency_key: mark },
    { ...detail, body: mark },
    { ...detail, body: { ...body, [mark]: mark } },
    { ...detail, body: Object.fromEntries(Object.keys(body).map((member) => [member, { [mark]: mark }])) },
    { ...detail, idempotencyKey: mark.repeat(20) },
    { ...detail, environmentID: mark },
    { [mark]: mark },
  ];
};

/** Messages that are no events. */
export const unreadableMessages = (endpoint: Endpoint, mark: string, sender: object): string[] => {
  const envelope = { id: crypto.randomUUID(), time: '2026-01-01T00:00:00Z', ...sender };
  const event = { ...envelope, resources: [mark], [mark]: mark, 'detail-type': endpoint.event };
  const { body, parameters } = endpoint.example;
  const number = JSON.stringify({ ...event, detail: { version: '1', ...parameters, body: { ...body, [mark]: 0 } } });
  return [
    mark,
    `{"${mark}":`,
    JSON.stringify({ [mark]: mark }),
    JSON.stringify({ ...event, 'detail-type': mark, detail: { [mark]: mark } }),
    JSON.stringify({ ...event, detail: mark }),
    number.replace(`"${mark}":0`, `"${mark}":${inexactNumbers[0]}`),
    JSON.stringify({
      source: 'pingone.provisioner.accepted',
      requestID: mark,
      arrivalID: mark,
      body: { [mark]: mark },
    }),
  ];
};
