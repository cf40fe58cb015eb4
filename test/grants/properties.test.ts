import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '../../lib/grants/decide.ts';
import type { Grant, Grants } from '../../lib/grants/document.ts';
import type { AccessRequest } from '../../lib/grants/first-failure.ts';
import type { Principal } from '../../lib/grants/principal.ts';
import { apiServer, elsewhere, environment, instances, now, operations, role } from './fixtures.ts';

const run = { seed: 20261004, numRuns: 1500 };

/** Pools are small and overlap, so about one request in three is allowed. */
const some = (...values: string[]) => fc.subarray(values, { minLength: 1 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 8 });
const either = <Value>(likely: Value, ...others: Value[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(likely) }, fc.constantFrom(likely, ...others));

const grant: fc.Arbitrary<Grant> = fc.record({
  name: fc.constant('grant'),
  endpoints: some(instances.name, operations.name),
  environments: fc.oneof({ weight: 9, arbitrary: some(environment, elsewhere) }, some('*')),
  production: maybe(fc.boolean()),
  connectors: maybe(some('*', 'web*', 'httpConnector')),
  names: maybe(some('ci-*', 'ci-1', '*')),
  apiServers: maybe(fc.oneof({ weight: 9, arbitrary: some(apiServer, elsewhere) }, some('*'))),
  pathPrefixes: maybe(some('/', '/orders', '/bills/open')),
  requireAccessControl: maybe(fc.boolean()),
  expires: fc.option(fc.constantFrom('2025-12-31T23:59:59Z', '2026-01-02T00:00:00Z'), { nil: undefined, freq: 2 }),
});

const grantSet = fc.array(grant, { maxLength: 4 });

const client: Principal = { jwt: { issuer: 'https://auth.example.com', client: 'c' } };
const sender: Principal = { event: { account: '123456789012', source: 'com.example' } };

const path = fc.record({
  type: fc.constantFrom('EXACT', 'PARAMETER'),
  pattern: either('/orders/1', '/orders', '/bills/open', '/{any}', '/orders/**', '/orders2'),
});

const environmentID = either(environment, elsewhere);

const asked: fc.Arbitrary<AccessRequest> = fc.oneof(
  fc.record({
    endpoint: fc.constant(instances),
    parameters: fc.record({ environmentID }),
    body: fc.record({
      name: either('ci-1', 'ci-2', 'prod'),
      connector: fc.record({ id: either('httpConnector', 'webhook') }),
    }),
  }),
  fc.record({
    endpoint: fc.constant(operations),
    parameters: fc.record({ environmentID, apiServerID: either(apiServer, elsewhere) }),
    body: fc.record({
      paths: fc.array(path, { minLength: 1, maxLength: 2 }),
      accessControl: either({ permission: { id: 'p' } }, { permission: { id: '' } }),
    }),
  }),
);

const nonProduction = fc.subarray([environment, elsewhere]);

const documentOf = (nonProductionIDs: string[], grants: readonly Grant[]): Grants => ({
  version: '1',
  nonProduction: nonProductionIDs,
  callers: [{ name: 'platform', principals: [role], grants: [...grants] }],
});

it('a set of grants allows a request exactly if one of its grants alone does', () => {
  let allowed = 0;
  fc.assert(
    fc.property(nonProduction, grantSet, asked, (others, grants, request) => {
      const together = decide(documentOf(others, grants), role, request, now).allowed;
      const alone = grants.some((each) => decide(documentOf(others, [each]), role, request, now).allowed);
      if (together) allowed++;
      expect(together).toBe(alone);
    }),
    run,
  );
  expect(allowed).toBeGreaterThan(run.numRuns / 10);
  expect(allowed).toBeLessThan(run.numRuns / 2);
});

it('removing a grant never allows more', () => {
  let changed = 0;
  fc.assert(
    fc.property(nonProduction, grantSet, fc.nat(3), asked, (others, grants, removed, request) => {
      const before = decide(documentOf(others, grants), role, request, now).allowed;
      const after = decide(documentOf(others, grants.toSpliced(removed, 1)), role, request, now).allowed;
      if (before !== after) changed++;
      expect(after && !before).toBe(false);
    }),
    run,
  );
  expect(changed).toBeGreaterThan(run.numRuns / 40);
});

it('a specific limit never allows more than * or /, and a missing limit allows nothing', () => {
  const all = { connectors: ['*'], names: ['*'], pathPrefixes: ['/'] };
  const none = { connectors: undefined, names: undefined, apiServers: undefined, pathPrefixes: undefined };
  fc.assert(
    fc.property(nonProduction, grant, asked, (others, each, request) => {
      const allowed = (more: Partial<Grant>) =>
        decide(documentOf(others, [{ ...each, ...more }]), role, request, now).allowed;
      expect(allowed({}) && !allowed(all)).toBe(false);
      expect(allowed(none)).toBe(false);
    }),
    run,
  );
});

it('adding a caller never changes the decision on another', () => {
  const principals = [client, sender];
  fc.assert(
    fc.property(nonProduction, grantSet, grantSet, fc.boolean(), asked, (others, own, foreign, first, request) => {
      const document = documentOf(others, own);
      const added = { name: 'added', principals, grants: foreign };
      const callers = first ? [added, ...document.callers] : [...document.callers, added];
      for (const principal of [role, { iam: { account: '123456789012', role: 'Other' } }]) {
        const before = decide(document, principal, request, now);
        expect(decide({ ...document, callers }, principal, request, now)).toEqual(before);
      }
    }),
    run,
  );
});
