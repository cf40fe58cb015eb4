import { describe, expect, it } from 'vitest';
import { authorizeCaller } from '../../lib/grants/authorize.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { anInstance, documentWith, instanceGrant, now } from './fixtures.ts';

describe('a decision on a caller that is known by name', () => {
  it.each([
    ['platform', true],
    ['renamed', false],
  ])('asks the grants of %s, which allow the request: %s', (name, isAllowed) => {
    const { denied } = authorizeCaller(parseGrants(documentWith(instanceGrant())), name, anInstance(), now);
    expect(denied === undefined).toBe(isAllowed);
  });
});
