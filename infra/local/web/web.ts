import type { Feed } from '../live/feed.ts';
import type { Page } from '../loopback/loopback.ts';
import type { FaultSwitch } from '../sandbox/fault-switch.ts';
import { docsPages } from './docs.ts';
import { faultPages } from './faults.ts';
import { livePages } from './live.ts';
import { type Addresses, localPages } from './local.ts';

export interface WebOptions {
  readonly addresses: Addresses;
  readonly feed: Feed;
  /** Of the sandbox; undefined if a real PingOne replaces it. */
  readonly faults: FaultSwitch | undefined;
}

/** All pages of the local run, by method and path. */
export const webPages = ({ addresses, feed, faults }: WebOptions): Record<string, Page> => ({
  ...docsPages,
  ...localPages(addresses),
  ...livePages(feed, faults !== undefined, addresses),
  ...(faults && faultPages(faults)),
});
