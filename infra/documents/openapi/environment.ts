import * as z from 'zod/mini';
import type { JsonSchema } from '../json-schema.ts';
import { jsonSchemaOf } from '../json-schema.ts';
import { failures } from './failures.ts';
import { headerReferences } from './headers.ts';
import { codesOfReads } from './read.ts';

const id = 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6';
const self = `https://api.pingone.com/v1/environments/${id}`;

/** An environment in the form of PingOne's documentation. */
export const exampleEnvironment = {
  _links: {
    self: { href: self },
    organization: { href: 'https://api.pingone.com/v1/organizations/5d88bf42-7c1d-4a5c-9d6c-2f3a0f0c8a11' },
    billOfMaterials: { href: `${self}/billOfMaterials` },
  },
  id,
  name: 'Test',
  description: 'An environment for tests',
  organization: { id: '5d88bf42-7c1d-4a5c-9d6c-2f3a0f0c8a11' },
  type: 'SANDBOX',
  region: 'NA',
  createdAt: '2024-04-19T22:00:00.000Z',
  updatedAt: '2024-04-19T22:00:00.000Z',
  license: { id: '0c3f8a55-90a5-4f5b-8d0e-3a6f5e1f4b7c' },
};

/** The members that PingOne's clients require. */
const environment = z.looseObject({ id: z.string(), name: z.string(), type: z.string(), region: z.string() });

export const environmentSchema = (): JsonSchema => ({
  description: "PingOne's representation of an environment. PingOne may add members.",
  ...jsonSchemaOf(environment, 'draft-2020-12'),
});

/** The operation `GET` of an environment. */
export const environmentOperation = (docsUrl: string) => ({
  operationId: 'readEnvironment',
  summary: 'Read an environment',
  description: "PingOne's own body, if you have any grant in the environment.",
  tags: ['Reads'],
  parameters: [
    {
      name: 'environmentID',
      in: 'path',
      required: true,
      description: "PingOne's id of the environment.",
      schema: jsonSchemaOf(z.guid(), 'draft-2020-12'),
      example: id,
    },
  ],
  responses: {
    200: {
      description: "PingOne's own answer.",
      headers: headerReferences('ETag', 'Correlation-Id', 'Cache-Control'),
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Environment' }, example: exampleEnvironment },
      },
    },
    ...failures({ codes: codesOfReads, hasBody: false, docsUrl }),
  },
});
