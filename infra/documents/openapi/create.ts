import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { isProblemCode, problems } from '../../../lib/problems.ts';
import { type JsonSchema, jsonSchemaOf } from '../json-schema.ts';
import { failures } from './failures.ts';
import { headerReferences, requestHeaders } from './headers.ts';
import { stateContent } from './request-status.ts';

/** The operation `POST` at PingOne's path. */
export const createOperation = (endpoint: Endpoint, docsUrl: string) => {
  const { summary, path, needs, example } = endpoint;
  return {
    operationId: operationIDOf(endpoint),
    summary,
    description: `PingOne's \`POST ${path}\`, sent once. The gateway has the permission \`${needs.permissions.create}\`; you do not need it.`,
    tags: ['Creates'],
    parameters: [
      ...pathParameters(endpoint),
      ...Object.keys(requestHeaders).map((header) => ({ $ref: `#/components/parameters/${header}` })),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: reference(requestName(endpoint)), example: example.body } },
    },
    responses: {
      201: {
        description: "PingOne's own answer, byte for byte: the resource.",
        headers: headerReferences(
          'Provisioner-Outcome',
          'Provisioner-Request',
          'Correlation-Id',
          'Provisioner-Warning',
          'Cache-Control',
        ),
        content: { 'application/json': { schema: reference(resourceName(endpoint)), example: example.resource } },
      },
      202: {
        description: 'With `Prefer: respond-async`: the request is checked and will be sent.',
        headers: headerReferences('Location', 'Preference-Applied', 'Provisioner-Warning', 'Cache-Control'),
        content: stateContent(docsUrl, endpoint, 'accepted'),
      },
      ...failures({ codes: codesOfCreates, hasBody: true, docsUrl }),
    },
  };
};

/** Request and response schemas of an endpoint. */
export const createSchemas = (endpoint: Endpoint): Readonly<Record<string, JsonSchema>> => ({
  [requestName(endpoint)]: {
    description: 'The gateway also checks rules that JSON Schema cannot express; `details` of a problem names them.',
    ...jsonSchemaOf(endpoint.body, 'draft-2020-12'),
  },
  [resourceName(endpoint)]: {
    description: "PingOne's representation. PingOne may add members.",
    ...jsonSchemaOf(endpoint.resource, 'draft-2020-12'),
  },
});

/** A create looks up no request of another, needs no list and does not deploy; PingOne's own 404 is passed on. */
const codesOfCreates = Object.keys(problems)
  .filter(isProblemCode)
  .filter((code) => !['NOT_FOUND', 'LIST_INCOMPLETE', 'DEPLOYMENT_UNKNOWN'].includes(code));

/** PingOne's operation id. */
export const operationIDOf = ({ name }: Endpoint): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The schema of PingOne's representation. */
export const resourceReference = (endpoint: Endpoint) => reference(resourceName(endpoint));

const requestName = ({ event }: Endpoint) => event.replace(/ed$/, '');
const resourceName = ({ event }: Endpoint) => event.replace(/Requested$/, '');
const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

export const pathParameters = ({ path, parameters, example }: Endpoint) =>
  Object.entries(jsonSchemaOf(parameters, 'draft-2020-12').properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    description: `From PingOne's path ${path}.`,
    schema,
    example: Reflect.get(example.parameters, name),
  }));
