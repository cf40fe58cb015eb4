import * as z from 'zod/mini';
import { parseJson } from '../loopback/json.ts';

const attemptLine = z.object({
  arrival: z.string(),
  request: z.optional(z.string()),
  caller: z.optional(z.string()),
  grant: z.optional(z.string()),
  outcome: z.string(),
  code: z.optional(z.string()),
  status: z.optional(z.number()),
  sends: z.number(),
});

/** A function's log line about an attempt; the runbook documents it under "Evidence". */
export type AttemptLine = z.output<typeof attemptLine>;

const logEntry = z.object({
  timestamp: z.string(),
  requestId: z.optional(z.string()),
  message: z.object({ attempt: attemptLine }),
});

/** The attempt that a log line reports; undefined for any other line. */
export const attemptIn = (line: string) => {
  const { data } = logEntry.safeParse(parseJson(line));
  if (data === undefined) return undefined;
  const { timestamp, requestId: invocation, message } = data;
  return { type: 'attempt' as const, at: Date.parse(timestamp), invocation, line: message.attempt };
};
