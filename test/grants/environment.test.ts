import { describe, expect, it } from 'vitest';
import { authorizeEnvironment } from '../../lib/grants/authorize.ts';
import { type Grant, parseGrants } from '../../lib/grants/document.ts';
import { documentWith, elsewhere, environment, instanceGrant, now, operationGrant, role } from './fixtures.ts';

const authorized = (environmentID: string, ...grants: readonly Grant[]) =>
  authorizeEnvironment(parseGrants(documentWith(...grants)), role, environmentID, now);

describe('the right to see an environment', () => {
  it.each<[string, Grant]>([
    ['create', instanceGrant()],
    ['read', operationGrant({ actions: ['read'] })],
  ])('comes with any grant there: %s', (_, grant) => {
    expect(authorized(environment, grant).denied).toBeUndefined();
    expect(authorized(elsewhere, grant).denied).toMatchObject({ status: 403 });
  });

  it('comes with one of several grants', () => {
    expect(
      authorized(environment, instanceGrant({ environments: [elsewhere] }), operationGrant()).denied,
    ).toBeUndefined();
  });

  it.each<[string, Partial<Grant>]>([
    ['expired', { expires: '2020-01-01T00:00:00Z' }],
    ['production', { environments: ['*'] }],
  ])('is limited by the dimension %s', (_, change) => {
    expect(authorized(elsewhere, instanceGrant(change)).denied).toMatchObject({ status: 403 });
  });
});
