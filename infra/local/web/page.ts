import type { Arrival } from '../loopback/loopback.ts';
import type { StreamReply } from '../loopback/outgoing.ts';
import type { Reply } from '../loopback/reply.ts';

/** A page of the local run. The deployed API has none. */
export type Page = (arrival: Arrival) => Promise<Reply | StreamReply>;
