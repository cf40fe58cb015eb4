import { randomBytes } from 'node:crypto';
import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda';
import { percentDecoded } from '../../../lib/endpoints/path.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { mediaType } from '../loopback/media-type.ts';
import type { Authorization } from './authorizer.ts';

/** An event of an API Gateway HTTP API, payload 2.0, without the cookies that no caller sends. */
export type Event = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & { authorizer?: Authorization }
>;

export interface EventOrigin {
  readonly arrival: Arrival;
  readonly requestId: string;
  /** Method and path template: `POST /v1/a/{b}`. */
  readonly routeKey: string;
  readonly pathParameters: Record<string, string>;
  readonly authorizer: Authorization | undefined;
}

/** API Gateway's event for a request. */
export const createEvent = ({ arrival, requestId, routeKey, pathParameters, authorizer }: EventOrigin): Event => {
  const { method, protocol, sourceIp, headers } = arrival;
  // API Gateway's HTTP APIs hand the path over decoded, unlike its REST APIs.
  const path = percentDecoded(arrival.path) ?? arrival.path;
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: arrival.query,
    headers: headersOf(arrival, now),
    ...(arrival.query && { queryStringParameters: joinDuplicates(new URLSearchParams(arrival.query)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(authorizer && { authorizer }),
      domainName,
      domainPrefix: domainName.split('.', 1).join(),
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(arrival),
  };
};

const headersOf = ({ rawHeaders, headers, sourceIp }: Arrival, now: Date): Record<string, string> => {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  return {
    'x-amzn-trace-id': `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
    ...joinDuplicates(pairs),
    'x-forwarded-for': [headers['x-forwarded-for'] ?? [], sourceIp].flat().join(', '),
    'x-forwarded-port': headers.host?.split(':').at(-1) ?? '80',
    'x-forwarded-proto': 'http',
  };
};

const joinDuplicates = (pairs: Iterable<readonly [string, string]>): Record<string, string> => {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(joined);
};

/**
 * API Gateway's HTTP APIs pass these types on as text, and everything else in base64. The type alone decides: of bytes
 * that are not UTF-8 replacement characters are left.
 */
const bodyOf = ({ headers, body }: Arrival): Pick<Event, 'body' | 'isBase64Encoded'> => {
  if (body.length === 0) return { isBase64Encoded: false };
  return /^(text\/.+|application\/(json|xml|javascript))$/.test(mediaType(headers))
    ? { body: body.toString(), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
};

/** `12/Mar/2020:19:03:58 +0000`. */
const clfTime = (date: Date): string => {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};
