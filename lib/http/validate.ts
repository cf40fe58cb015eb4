import type { MiddlewareObj } from '@middy/core';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { maximumViolations, Problem } from '../problems.ts';
import { isMembers } from '../validation/members.ts';
import { withoutReadOnly } from '../validation/read-only.ts';
import { checked, violationsIn } from '../validation/violations.ts';
import type { CheckedEvent } from './event.ts';

/**
 * Validates path parameters and body by the endpoint's zod schemas, normalises the parameters (UUIDs in lower case), and
 * leaves read-only members out of the body.
 * @throws Problem INVALID_DATA (400) with the first `maximumViolations` violations
 */
export const validate = (endpoint: Endpoint, unknownMembers: 'refuse' | 'forward'): MiddlewareObj<CheckedEvent> => ({
  before: ({ event }) => {
    const { body, leftOut } = withoutReadOnly(endpoint, event.body);
    const parameters = checked(endpoint.parameters, event.pathParameters);
    const violations = [
      ...parameters.violations.map(({ pointer, ...violation }) => violation),
      ...violationsIn(endpoint.body, body, unknownMembers),
    ];
    if (parameters.data === undefined || !isMembers(body) || violations.length > 0) {
      // Without the violations' own words: a message is logged, and they name members that the caller made up.
      throw new Problem('INVALID_DATA', 'The request has invalid values.', {
        violations: violations.slice(0, maximumViolations),
      });
    }
    event.pathParameters = parameters.data;
    event.body = body;
    event.leftOut = leftOut;
  },
});
