import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod/mini';
import { hopByHopHeaders } from '../loopback/hop-by-hop.ts';
import { json, type Reply } from '../loopback/reply.ts';

/** The results of our functions. API Gateway also takes cookies and bodies in base64. */
const structured = z.strictObject({
  statusCode: z.int().check(z.gte(200), z.lte(599)),
  headers: z._default(z.record(z.string(), z.string()), {}),
  body: z._default(z.string(), ''),
});

/** API Gateway's answer for a function's result. A result without a status code is a body of JSON. */
export const replyOf = (result: unknown): Reply => {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return json(200, result);
  const { data } = structured.safeParse(result);
  if (data === undefined) return internalServerError;
  const headers = Object.entries(data.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !hopByHopHeaders.has(name));
  if (!headers.every(isHeader)) return internalServerError;
  return {
    status: data.statusCode,
    headers: { ...(data.body && { 'content-type': 'text/plain;charset=utf-8' }), ...Object.fromEntries(headers) },
    body: data.body,
  };
};

/** API Gateway's answer for a function that fails. */
export const internalServerError = json(500, { message: 'Internal Server Error' });

const isHeader = ([name, value]: readonly [string, string]): boolean => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
};
