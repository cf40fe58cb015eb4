import type { MiddlewareObj } from '@middy/core';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumFaults, Problem } from '../errors.ts';
import { checked, faultsIn } from '../faults.ts';
import type { CheckedEvent } from './event.ts';

/**
 * Checks path parameters and body by the endpoint's zod schemas and leaves the parameters in the one form that the
 * rest sees (UUIDs in lower case). Throws Problem INVALID_DATA (400) with every fault of the request.
 */
export const validate = (endpoint: Endpoint, unknownMembers: 'refuse' | 'forward'): MiddlewareObj<CheckedEvent> => ({
  before: ({ event }) => {
    const parameters = checked(endpoint.parameters, event.pathParameters);
    const faults = [
      ...parameters.faults.map(({ pointer, ...fault }) => fault),
      ...faultsIn(endpoint.body, event.body, unknownMembers),
    ];
    if (parameters.data === undefined || faults.length > 0) {
      const shown = faults.slice(0, maximumFaults);
      const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
      throw new Problem(
        'INVALID_DATA',
        `The request has ${count}; details ${shown.length < faults.length ? `names the first ${maximumFaults}` : 'names each'}.`,
        { faults: shown },
      );
    }
    event.pathParameters = parameters.data;
  },
});
