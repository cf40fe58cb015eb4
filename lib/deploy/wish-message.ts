import * as z from 'zod/mini';
import { eventSources } from '../contract.ts';

const source = eventSources.wish;

/** The message of one wish: it ends when a deployment covers the wish. Only functions that create may send it. */
const message = z.lazy(() =>
  z.object({
    source: z.literal(source),
    /** The wish's number on the service's item. */
    wish: z.int().check(z.positive()),
    requestID: z.string(),
    /** The caller of the request, whose grants are asked again. */
    caller: z.string(),
    parameters: z.record(z.string(), z.string()),
    /** The id of the created resource. */
    resource: z.string(),
  }),
);

export type WishMessage = z.output<typeof message>;

/** Parses a message; undefined if it is no wish. */
export const readWish = (text: string): WishMessage | undefined => {
  try {
    return z.safeParse(message, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
