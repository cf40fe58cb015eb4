import { createApiServerOperation } from './create-api-server-operation.ts';
import { createConnectorInstance } from './create-connector-instance.ts';
import type { Endpoint } from './endpoint.ts';

/** Every PingOne create that this gateway offers. */
export const endpoints: readonly Endpoint[] = [createConnectorInstance, createApiServerOperation];
