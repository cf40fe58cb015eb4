import { guidePages } from '../guides/guides.ts';
import type { Feed } from '../live/feed.ts';
import type { Page } from '../loopback/loopback.ts';
import { referencePages } from '../reference/reference.ts';
import type { FaultSwitch } from '../sandbox/fault-switch.ts';
import { faultPages } from './faults.ts';
import { livePages } from './live.ts';
import { type Addresses, localPages } from './local.ts';

interface WebOptions {
  readonly addresses: Addresses;
  readonly feed: Feed;
  /** Of the sandbox; undefined if a real PingOne replaces it. */
  readonly faults: FaultSwitch | undefined;
}

/** All pages of the local run, by method and path. */
export const webPages = ({ addresses, feed, faults }: WebOptions): Record<string, Page> => ({
  ...guidePages,
  ...referencePages(addresses, faults !== undefined),
  ...localPages(addresses),
  ...livePages(feed, faults !== undefined, addresses),
  ...(faults && faultPages(faults)),
});
