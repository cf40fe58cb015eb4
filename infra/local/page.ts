import type { Arrival } from './loopback.ts';
import type { StreamReply } from './outgoing.ts';
import type { Reply } from './reply.ts';

/** A page of the local run; API Gateway has none of it. */
export type Page = (arrival: Arrival) => Promise<Reply | StreamReply>;
