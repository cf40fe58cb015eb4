import * as z from 'zod/mini';
import { createApiServerOperation } from '../../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance } from '../../../lib/endpoints/create-connector-instance.ts';

const link = z.object({ href: z.url() });

/** The members that the SDKs' models require in a 201 and a 200; others are kept. */
const connectorInstance = z.looseObject({
  _links: z.looseObject({ self: link, environment: link, 'connectorInstance.clone': link }),
  id: z.string(),
  name: z.string(),
  connector: z.looseObject({ id: z.string() }),
  environment: z.looseObject({ id: z.guid() }),
  createdAt: z.optional(z.iso.datetime()),
  properties: z.optional(z.record(z.string(), z.unknown())),
});

const operation = z.looseObject({
  _links: z.looseObject({ self: link, environment: link, apiServer: link }),
  id: z.guid(),
  name: z.string(),
  methods: z.optional(z.array(z.string())),
  paths: z.array(z.object({ type: z.enum(['EXACT', 'PARAMETER']), pattern: z.string() })),
});

export type Model = z.ZodMiniType<{ readonly id: string } & Readonly<Record<string, unknown>>>;

/** The model of a resource, by the endpoint's name. */
export const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  [createConnectorInstance.name, connectorInstance],
  [createApiServerOperation.name, operation],
]);

/** A list with rows of a model below `_embedded`. */
export const listOf = (collection: string, row: Model) =>
  z.object({
    _links: z.looseObject({ self: link }),
    _embedded: z.object({ [collection]: z.array(row) }),
    count: z.int(),
    size: z.int(),
  });

export const environment = z.looseObject({ id: z.guid(), name: z.string(), type: z.string(), region: z.string() });
