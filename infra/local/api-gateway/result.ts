import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod/mini';
import { json, type Reply } from '../loopback/reply.ts';

const structured = z.object({
  statusCode: z.coerce.number().check(z.int(), z.gte(200), z.lte(599)),
  headers: z.nullish(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.nullish(z.array(z.string())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
});

/** What API Gateway sets itself, whatever a function says. */
const ownHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** The answer that API Gateway makes of a function's result; without a status code the result is a body of JSON. */
export const replyOf = (result: unknown): Reply => {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return json(200, result);
  const parsed = structured.safeParse(result);
  if (!parsed.success) return internalServerError;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const named = Object.entries(headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !ownHeaders.has(name));
  if (!named.every(isHeader)) return internalServerError;
  return {
    status: statusCode,
    headers: {
      ...(body && { 'content-type': 'text/plain;charset=utf-8' }),
      ...Object.fromEntries(named),
      ...(cookies?.length && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
};

/** What API Gateway answers when a function fails. */
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
