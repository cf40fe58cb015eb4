import type { MiddlewareObj } from '@middy/core';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumViolations, Problem } from '../problems.ts';
import { checked, violationsIn } from '../validation/violations.ts';
import type { CheckedEvent } from './event.ts';

/**
 * Checks path parameters and body by the endpoint's zod schemas and leaves the parameters in the one form that the
 * rest sees (UUIDs in lower case). Throws Problem INVALID_DATA (400) with every violation of the request.
 */
export const validate = (endpoint: Endpoint, unknownMembers: 'refuse' | 'forward'): MiddlewareObj<CheckedEvent> => ({
  before: ({ event }) => {
    const parameters = checked(endpoint.parameters, event.pathParameters);
    const violations = [
      ...parameters.violations.map(({ pointer, ...violation }) => violation),
      ...violationsIn(endpoint.body, event.body, unknownMembers),
    ];
    if (parameters.data === undefined || violations.length > 0) {
      const shown = violations.slice(0, maximumViolations);
      const count = violations.length === 1 ? '1 invalid value' : `${violations.length} invalid values`;
      throw new Problem(
        'INVALID_DATA',
        `The request has ${count}; details ${shown.length < violations.length ? `names the first ${maximumViolations}` : 'names each'}.`,
        { violations: shown },
      );
    }
    event.pathParameters = parameters.data;
  },
});
