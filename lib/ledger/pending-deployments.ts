import * as z from 'zod/mini';
import { type DeploymentItem, deploymentItem } from './deployment-item.ts';
import type { Table } from './table.ts';

/**
 * The pending deployments of an endpoint's services; a service is the path of its deployment.
 * @throws LedgerUnavailable from every call
 */
export interface PendingDeployments {
  /** The service's item; before the first pending deployment its members are 0 or absent. */
  read(service: string): Promise<DeploymentItem>;
  /** Counts a pending deployment; returns its number. */
  add(service: string, caller: string, now: number): Promise<number>;
}

export const openPendingDeployments = (table: Table, endpointName: string): PendingDeployments => ({
  read: async (service) => z.parse(deploymentItem, (await table.read(deploymentKey(endpointName, service))) ?? {}),

  add: async (service, caller, now) => {
    const change = { set: { caller }, initial: { wantedAt: now }, add: { wanted: 1 } };
    return z.parse(deploymentItem, await table.change(deploymentKey(endpointName, service), change)).wanted;
  },
});

export const deploymentKey = (endpointName: string, service: string): string => `${endpointName}#deployment#${service}`;
