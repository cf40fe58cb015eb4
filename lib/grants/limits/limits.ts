import type * as z from 'zod/mini';
import { apiServers, writtenApiServers } from './api-servers.ts';
import { connectors, writtenConnectors } from './connectors.ts';
import type { Limit } from './limit.ts';
import { names, writtenNames } from './names.ts';
import { pathPrefixes, writtenPathPrefixes } from './path-prefixes.ts';
import { requireAccessControl, writtenRequireAccessControl } from './require-access-control.ts';

/** Every kind of limit as written in a grants document, by its member. */
export const writtenLimits = {
  apiServers: writtenApiServers,
  connectors: writtenConnectors,
  names: writtenNames,
  pathPrefixes: writtenPathPrefixes,
  requireAccessControl: writtenRequireAccessControl,
};

type Written = typeof writtenLimits;

export type Limits = {
  readonly [Name in keyof Written]?: z.output<ReturnType<Written[Name]['schema']>> | undefined;
};

/** Every kind of limit as checked, from coarse to fine: a grant that fails later is closer. */
export const limits: readonly Limit<Limits>[] = [apiServers, connectors, names, pathPrefixes, requireAccessControl];
