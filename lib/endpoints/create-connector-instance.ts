import * as z from 'zod/mini';
import { defineEndpoint } from './endpoint.ts';
import { unmasked } from './rules/unmasked.ts';

/**
 * GO-OAS's pattern `^(?=\S)[\p{L}\p{M}\p{N}\p{So}/.'_ -]*(?!.*((<)|(\$\{)))` has no end anchor, so as a search it
 * refuses only a blank start, and `<` or `${` in the first line. It takes quadratic time for a long value (an id has no
 * maximum); this pattern is equivalent in linear time, except for the empty string, which the minimum length refuses.
 */
const named = () =>
  z.regex(/^(?!\s|.*?(?:<|\$\{))/, 'must not start with white space or contain "<" or "${" in its first line');

/** `POST …/connectorInstances`: DaVinci's connection to an external service, an instance of a catalogue connector. */
export const createConnectorInstance = defineEndpoint({
  name: 'create-connector-instance',
  summary: 'Create a DaVinci connector instance',
  path: '/environments/{environmentID}/connectorInstances',
  schemas: () => ({
    parameters: z.strictObject({ environmentID: z.guid().check(z.toLowerCase()) }),
    body: z.strictObject({
      // GO-OAS limits the name; the DaVinci data model only says String, and the Terraform provider only limits it to 256.
      // Zod counts code points, the most lenient reading of a length that no source defines.
      name: z.string().check(z.minLength(1), z.maxLength(256), named()),
      // GO-OAS does not limit the id; only the Terraform provider does, to 256.
      connector: z.strictObject({ id: z.string().check(z.minLength(1), named()) }),
      // PingOne neither documents nor checks the keys, which differ by connector.
      properties: z.nullish(z.record(z.string(), z.unknown()).check(unmasked())),
    }),
    // GO-OAS requires more (`environment`, three links); these members identify the resource.
    resource: z.looseObject({
      id: z.string().check(z.minLength(1)),
      name: z.string(),
      connector: z.looseObject({ id: z.string() }),
      _links: z.nullish(z.looseObject({ self: z.looseObject({ href: z.string() }) })),
    }),
  }),
  readOnly: ['id', '_links', 'environment', 'createdAt', 'updatedAt', 'metadata', 'customerId'],
  masked: ['properties'],
  event: 'ConnectorInstanceRequested',
  needs: {
    permissions: { create: 'davinci:create:connections', list: 'davinci:read:connections' },
    role: 'DaVinci Admin',
    service: 'PingOne DaVinci',
  },
  identity: ['name', 'connector.id'],
  sets: [],
  grants: { environments: 'parameters.environmentID', connectors: 'body.connector.id', names: 'body.name' },
  example: {
    parameters: { environmentID: 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6' },
    body: { name: 'API_HTTP_Connection', connector: { id: 'httpConnector' } },
    resource: {
      _links: {
        self: {
          href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/connectorInstances/e8b26b2703ce91678e768fdb048a4b51',
        },
        environment: { href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6' },
        'connectorInstance.clone': {
          href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/connectorInstances/e8b26b2703ce91678e768fdb048a4b51',
        },
      },
      id: 'e8b26b2703ce91678e768fdb048a4b51',
      environment: { id: 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6' },
      connector: { id: 'httpConnector' },
      name: 'API_HTTP_Connection',
      createdAt: '2024-04-19T22:27:51.226Z',
      updatedAt: '2024-04-19T22:27:51.226Z',
    },
  },
});
