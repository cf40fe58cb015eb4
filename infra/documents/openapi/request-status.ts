import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { statusOf } from '../../../lib/http/request-status.ts';
import type { RequestItem } from '../../../lib/ledger/items.ts';
import { identified } from '../../../lib/provision/identity.ts';
import { failures } from './failures.ts';
import { headerReferences } from './headers.ts';

/** `GET /requests/{id}`. */
export const statusOperation = ([endpoint]: readonly Endpoint[], docsUrl: string) => ({
  operationId: 'readRequest',
  summary: 'Read the status of a request',
  description: 'For the caller of the request only; other callers get 404.',
  tags: ['Requests'],
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'From `Location` of a 202, or `Provisioner-Request` of a 201.',
      schema: { type: 'string' },
      ...(endpoint && { example: exampleID(endpoint) }),
    },
  ],
  responses: {
    200: {
      description: 'The state of the request.',
      headers: headerReferences('Cache-Control'),
      content: stateContent(docsUrl, endpoint, 'created', 'rejected'),
    },
    ...failures({ codes: ['NOT_FOUND', 'UNEXPECTED_ERROR', 'LEDGER_UNAVAILABLE'], hasBody: false, docsUrl }),
  },
});

/** The state of a request, with examples. */
export const stateContent = (docsUrl: string, endpoint: Endpoint | undefined, ...states: (keyof typeof ends)[]) => ({
  'application/json': {
    schema: { $ref: '#/components/schemas/RequestStatus' },
    ...(endpoint && {
      examples: Object.fromEntries(
        states.map((state) => [
          state,
          { value: statusOf(exampleID(endpoint), endpoint, itemOf(endpoint, state), docsUrl) },
        ]),
      ),
    }),
  },
});

const exampleID = (endpoint: Endpoint): string =>
  identified('catalogue', endpoint, endpoint.example.parameters, 'order-4711', '').requestID;

const itemOf = ({ example: { parameters, resource } }: Endpoint, state: keyof typeof ends): RequestItem => ({
  state,
  caller: 'catalogue',
  fingerprint: '',
  name: '',
  parameters,
  arrivalID: '',
  createdAt: Date.parse('2026-03-02T09:15:00.000Z'),
  updatedAt: Date.parse('2026-03-02T09:15:01.482Z'),
  ...(state === 'created' && { resource: resource.id }),
  ...ends[state],
});

const ends = {
  accepted: {},
  created: {},
  rejected: { problem: 'PINGONE_REFUSED', status: 400, codes: ['INVALID_DATA', 'UNIQUENESS_VIOLATION'] },
};
