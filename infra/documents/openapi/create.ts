import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { isProblemCode, problems } from '../../../lib/problems.ts';
import { type JsonSchema, jsonSchemaOf } from '../json-schema.ts';
import { failures } from './failures.ts';
import { headerReferences, requestHeaders } from './headers.ts';
import { stateContent } from './request-status.ts';

/** `POST` at PingOne's own path. */
export const createOperation = (endpoint: Endpoint, docsUrl: string) => {
  const { name, summary, path, needs, example } = endpoint;
  return {
    operationId: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    description: `PingOne's \`POST ${path}\`, sent exactly once (with \`${needs.permissions.create}\`, which you need not have).`,
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
        headers: headerReferences('Provisioner-Outcome', 'Provisioner-Request', 'Correlation-Id', 'Cache-Control'),
        content: { 'application/json': { schema: reference(resourceName(endpoint)), example: example.resource } },
      },
      202: {
        description: 'With `Prefer: respond-async`: the request is checked and will be sent.',
        headers: headerReferences('Location', 'Preference-Applied', 'Cache-Control'),
        content: stateContent(docsUrl, endpoint, 'accepted'),
      },
      ...failures({ codes: codesOfCreates, hasBody: true, docsUrl }),
    },
  };
};

/** What is sent to an endpoint, and what PingOne answers with. */
export const createSchemas = (endpoint: Endpoint): Readonly<Record<string, JsonSchema>> => ({
  [requestName(endpoint)]: {
    description: 'Rules that JSON Schema has no words for are checked too; a problem names them in its `details`.',
    ...jsonSchemaOf(endpoint.body, 'draft-2020-12'),
  },
  [resourceName(endpoint)]: {
    description: "PingOne's representation. PingOne adds members.",
    ...jsonSchemaOf(endpoint.resource, 'draft-2020-12'),
  },
});

/** Nothing is looked up for a create: PingOne's own 404 is passed on. */
const codesOfCreates = Object.keys(problems)
  .filter(isProblemCode)
  .filter((code) => code !== 'NOT_FOUND');

const requestName = ({ event }: Endpoint) => event.replace(/ed$/, '');
const resourceName = ({ event }: Endpoint) => event.replace(/Requested$/, '');
const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

const pathParameters = ({ path, parameters, example }: Endpoint) =>
  Object.entries(jsonSchemaOf(parameters, 'draft-2020-12').properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    description: `From PingOne's path ${path}.`,
    schema,
    example: Reflect.get(example.parameters, name),
  }));
