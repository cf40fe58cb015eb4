import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/grants/decide.ts';
import { type Grant, GrantsUnusable, parseGrants } from '../../lib/grants/document.ts';
import { anOperation, documentWith, instanceGrant, now, operationGrant, role } from './fixtures.ts';

const { endpoint, parameters, body } = anOperation();
const decided = (grant: Grant, asked: object) =>
  decide(parseGrants(documentWith(grant)), role, { endpoint, parameters, ...asked }, now);
const calling = { deploy: 'call' as const };
const after = { deploy: 'after' as const, body };
const denied = { allowed: false, dimension: 'deploy' };

describe('the right to deploy', () => {
  it('is denied by default, whatever the actions are', () => {
    const grant = operationGrant({ actions: ['create', 'read'] });
    expect(decided(grant, calling)).toMatchObject(denied);
    expect(decided(grant, after)).toMatchObject(denied);
  });

  it.each([
    [['call'], true, false],
    [['after'], false, true],
    [['call', 'after'], true, true],
  ] as const)('%j allows the call: %s, and the deployment after a create: %s', (deploy, call, automatic) => {
    const grant = operationGrant({ deploy: [...deploy] });
    expect(decided(grant, calling).allowed).toBe(call);
    expect(decided(grant, after).allowed).toBe(automatic);
  });

  it('needs no action, and gives none', () => {
    const grant = operationGrant({ actions: ['read'], deploy: ['call'] });
    expect(decided(grant, calling)).toMatchObject({ allowed: true });
    expect(decided(grant, { body })).toMatchObject({ allowed: false, dimension: 'action' });
  });

  it.each<[string, Partial<Grant>, object]>([
    ['environment', { environments: ['b82aa1c1-1a8e-4b6e-a43e-2266ebd57626'] }, calling],
    ['apiServer', { apiServers: ['b82aa1c1-1a8e-4b6e-a43e-2266ebd57626'] }, calling],
    [
      'production',
      { environments: ['*'] },
      { ...calling, parameters: { ...parameters, environmentID: 'b82aa1c1-1a8e-4b6e-a43e-2266ebd57626' } },
    ],
    ['expired', { expires: '2020-01-01T00:00:00Z' }, calling],
    ['path', { pathPrefixes: ['/elsewhere'] }, after],
  ])('is limited by the dimension %s', (dimension, change, asked) => {
    expect(decided(operationGrant({ deploy: ['call', 'after'], ...change }), asked)).toMatchObject({
      allowed: false,
      dimension,
    });
  });

  it.each<[Grant, string]>([
    [instanceGrant({ deploy: ['call'] }), 'deploy does not apply to any endpoint of this grant'],
    [operationGrant({ actions: ['read'], deploy: ['after'] }), 'must not have "after" without the action create'],
  ])('is refused in the grant %j', (grant, message) => {
    expect(() => parseGrants(documentWith(grant))).toThrow(message);
  });

  it.each([[[]], [['never']], ['call']])('is not %j', (deploy) => {
    const grants = [{ ...operationGrant(), deploy }];
    const callers = [{ name: 'a', principals: [role], grants }];
    expect(() => parseGrants({ ...documentWith(), callers })).toThrow(GrantsUnusable);
  });
});
