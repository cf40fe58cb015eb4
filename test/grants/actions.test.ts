import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/grants/decide.ts';
import { type Grant, GrantsUnusable, parseGrants } from '../../lib/grants/document.ts';
import { anInstance, anOperation, documentWith, instanceGrant, now, operationGrant, role } from './fixtures.ts';

const decided = (grant: Grant, asked: Parameters<typeof decide>[2]) =>
  decide(parseGrants(documentWith(grant)), role, asked, now);
const reading = (asked: ReturnType<typeof anInstance>) => ({ ...asked, action: 'read' as const });
const denied = { allowed: false, dimension: 'action' };

describe('the actions of a grant', () => {
  it('are only create by default', () => {
    expect(decided(instanceGrant(), anInstance())).toMatchObject({ allowed: true });
    expect(decided(instanceGrant(), reading(anInstance()))).toMatchObject(denied);
  });

  it.each([
    [['read'], false, true],
    [['create'], true, false],
    [['create', 'read'], true, true],
  ] as const)('%j allow a create: %s, and a read: %s', (actions, create, read) => {
    const grant = instanceGrant({ actions: [...actions] });
    expect(decided(grant, anInstance()).allowed).toBe(create);
    expect(decided(grant, reading(anInstance())).allowed).toBe(read);
  });

  it.each([[[]], [['delete']], ['read']])('may not be %j', (actions) => {
    const document = { ...documentWith(), callers: [{ name: 'a', principals: [role], grants: [] }] };
    const grants = [{ ...instanceGrant(), actions }];
    expect(() => parseGrants({ ...document, callers: [{ name: 'a', principals: [role], grants }] })).toThrow(
      GrantsUnusable,
    );
  });

  it('pass what is read through the other limits', () => {
    const grant = instanceGrant({ actions: ['read'] });
    expect(decided(grant, reading(anInstance({ name: 'other' })))).toMatchObject({ allowed: false, dimension: 'name' });
  });

  it('ask for access control of what is sent only', () => {
    const open = anOperation({ accessControl: undefined });
    const grant = operationGrant({ actions: ['create', 'read'] });
    expect(decided(grant, open)).toMatchObject({ allowed: false, dimension: 'accessControl' });
    expect(decided(grant, reading(open))).toMatchObject({ allowed: true });
  });
});

describe('the secrets of a grant', () => {
  it('are for readers only', () => {
    expect(parseGrants(documentWith(instanceGrant({ actions: ['read'], secrets: true })))).toBeDefined();
    expect(() => parseGrants(documentWith(instanceGrant({ secrets: true })))).toThrow(
      'secrets does not apply to a grant without the action read',
    );
  });
});
