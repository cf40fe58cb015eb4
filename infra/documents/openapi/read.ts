import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { ProblemCode } from '../../../lib/problems.ts';
import { operationIDOf, pathParameters, resourceReference } from './create.ts';
import { failures } from './failures.ts';
import { headerReferences } from './headers.ts';

/** The problems of a read. */
export const codesOfReads: readonly ProblemCode[] = [
  'INVALID_DATA',
  'ACCESS_FAILED',
  'REQUEST_LIMITED',
  'UNEXPECTED_ERROR',
  'PINGONE_ACCESS_FAILED',
  'PINGONE_UNREACHABLE',
  'PINGONE_REFUSED',
];

/** The operation `GET` of a collection. */
export const listOperation = (endpoint: Endpoint, docsUrl: string) => {
  const { path, example } = endpoint;
  const collection = path.slice(path.lastIndexOf('/') + 1);
  const { _links: links, ...resource }: Record<string, unknown> = example.resource;
  return {
    operationId: `list${operationIDOf(endpoint).replace(/^create/, '')}s`,
    summary: `List the ${collection.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    description:
      "PingOne's list, read whole: the resources that a grant with the action `read` allows you. It has no link to another page. Property values are masked unless the grant says `secrets`.",
    tags: ['Reads'],
    parameters: pathParameters(endpoint),
    responses: {
      200: {
        description: 'The resources that you may read.',
        headers: headerReferences('ETag', 'Cache-Control'),
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                _links: { type: 'object', additionalProperties: true, description: "PingOne's links of the list." },
                _embedded: {
                  type: 'object',
                  properties: { [collection]: { type: 'array', items: resourceReference(endpoint) } },
                  required: [collection],
                },
                count: { type: 'integer', description: 'The number of resources in this answer.' },
                size: { type: 'integer', description: 'The same.' },
              },
              required: ['_links', '_embedded', 'count', 'size'],
            },
            example: {
              _links: links ?? {},
              _embedded: { [collection]: [{ _links: links, ...resource }] },
              count: 1,
              size: 1,
            },
          },
        },
      },
      ...failures({ codes: [...codesOfReads, 'LIST_INCOMPLETE'], hasBody: false, docsUrl }),
    },
  };
};

/** The operation `GET` of one resource. */
export const readOperation = (endpoint: Endpoint, docsUrl: string) => ({
  operationId: `read${operationIDOf(endpoint).replace(/^create/, '')}`,
  summary: endpoint.summary.replace(/^Create/, 'Read'),
  description:
    "PingOne's own body, if a grant with the action `read` allows it: 404 if PingOne has no such resource, 403 if it is not yours. Property values are masked unless the grant says `secrets`.",
  tags: ['Reads'],
  parameters: [
    ...pathParameters(endpoint),
    {
      name: 'resourceID',
      in: 'path',
      required: true,
      description: "PingOne's id of the resource.",
      schema: { type: 'string', pattern: '^[\\w-]{1,256}$' },
      example: endpoint.example.resource.id,
    },
  ],
  responses: {
    200: {
      description: "PingOne's own answer.",
      headers: headerReferences('ETag', 'Correlation-Id', 'Cache-Control'),
      content: { 'application/json': { schema: resourceReference(endpoint), example: endpoint.example.resource } },
    },
    ...failures({ codes: codesOfReads, hasBody: false, docsUrl }),
  },
});
