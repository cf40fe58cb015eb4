import type { MiddlewareObj } from '@middy/core';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumViolations, Problem } from '../problems.ts';
import { checked, violationsIn } from '../validation/violations.ts';
import type { CheckedEvent } from './event.ts';

/**
 * Validates path parameters and body by the endpoint's zod schemas, and normalises the parameters (UUIDs in lower case).
 * @throws Problem INVALID_DATA (400) with the first `maximumViolations` violations
 */
export const validate = (endpoint: Endpoint, unknownMembers: 'refuse' | 'forward'): MiddlewareObj<CheckedEvent> => ({
  before: ({ event }) => {
    const parameters = checked(endpoint.parameters, event.pathParameters);
    const violations = [
      ...parameters.violations.map(({ pointer, ...violation }) => violation),
      ...violationsIn(endpoint.body, event.body, unknownMembers),
    ];
    if (parameters.data === undefined || violations.length > 0) {
      // Without the violations' own words: a message is logged, and they name members that the caller made up.
      throw new Problem('INVALID_DATA', 'The request has invalid values.', {
        violations: violations.slice(0, maximumViolations),
      });
    }
    event.pathParameters = parameters.data;
  },
});
