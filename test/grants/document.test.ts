import { describe, expect, it } from 'vitest';
import { GrantsUnusable, parseGrants } from '../../lib/grants/document.ts';
import { documentWith, elsewhere, environment, instanceGrant, operationGrant, operations, role } from './fixtures.ts';

/** Each violation with its pointer and message. */
const faultsOf = (document: unknown): readonly string[] => {
  try {
    parseGrants(document);
    return [];
  } catch (error) {
    if (!(error instanceof GrantsUnusable)) throw error;
    return error.violations.map(({ pointer, message }) => `${pointer} ${message}`);
  }
};

const inGrant = (more: object) => faultsOf(documentWith({ ...instanceGrant(), ...more }));
const withPrincipal = (principal: object) =>
  faultsOf({ version: '1', callers: [{ name: 'a', principals: [principal], grants: [] }] });

describe('a grants document', () => {
  it('is accepted unchanged, except for the case of ids', () => {
    const document = documentWith(
      instanceGrant({ production: true, expires: '2030-01-31T00:00:00+01:00' }),
      operationGrant({ requireAccessControl: false }),
    );
    expect(parseGrants(document)).toEqual(document);
    expect(
      parseGrants(JSON.parse(JSON.stringify(document).replaceAll(environment, environment.toUpperCase()))),
    ).toEqual(document);
  });

  it('may be empty: it allows nothing, and every environment is production', () => {
    expect(parseGrants({ version: '1', callers: [] })).toEqual({ version: '1', nonProduction: [], callers: [] });
  });

  it.each([
    [null, ' the document must be an object, not null'],
    [[], ' the document must be an object, not an array'],
    [{ version: '1', callers: {} }, '/callers callers must be an array, not an object'],
    [{ version: '2', callers: [] }, '/version version must be 1; did you mean 1?'],
    [
      { version: '1', callers: [], caller: [] },
      '/caller caller is not a member of a grants document; did you mean callers?',
    ],
    [{ version: '1', callers: [], nonProduction: ['dev'] }, '/nonProduction/0 nonProduction[0] must be a UUID'],
  ])('is rejected as %j', (document, fault) => {
    expect(faultsOf(document)).toEqual([fault]);
  });

  it('is rejected with an unknown member of a caller', () => {
    const document = { version: '1', callers: [{ name: 'a', principals: [role], grants: [], grant: {} }] };
    expect(faultsOf(document)).toEqual([
      '/callers/0/grant callers[0].grant is not a member of a grants document; did you mean grants?',
    ]);
  });

  it('reports all its violations at once, also in one sentence', () => {
    const document = { ...documentWith({ ...instanceGrant(), names: ['a*b'], expires: 'soon' }), version: '0' };
    expect(faultsOf(document)).toHaveLength(3);
    expect(() => parseGrants(document)).toThrow(
      /^the grants document has violations: version .+; .+names\[0\].+; .+expires/,
    );
  });

  it.each([
    [
      { connector: ['a'] },
      /^\/callers\/0\/grants\/0\/connector .+ is not a member of a grants document; did you mean connectors\?$/,
    ],
    [{ endpoints: ['create-conector-instance'] }, /did you mean create-connector-instance\?$/],
    [{ endpoints: [] }, /endpoints must have at least 1 item$/],
    [{ environments: [] }, /environments must have at least 1 item$/],
    [{ environments: ['**'] }, /must be a UUID, or \* for all$/],
    [{ apiServers: ['a*'] }, /must be a UUID, or \* for all$/],
    [{ connectors: [] }, /connectors must have at least 1 item$/],
    [{ connectors: ['web*hook'] }, /must be exact or end in a single \*$/],
    [{ connectors: ['web**'] }, /must be exact or end in a single \*$/],
    [{ names: ['*ci'] }, /must be exact or end in a single \*$/],
    [{ names: [''] }, /must have at least 1 character$/],
    [{ name: 'CI' }, /must be kebab case, at most 32 characters$/],
    [{ name: 'a'.repeat(33) }, /must be kebab case, at most 32 characters$/],
    [{ production: 'yes' }, /must be a boolean, not a string$/],
    [{ expires: '2030-01-31' }, /must be a date-time/],
    [{ expires: '2030-02-31T00:00:00Z' }, /must be a date-time/],
  ])('rejects a grant with %j', (more, fault) => {
    expect(inGrant(more)[0]).toMatch(fault);
  });

  it.each(['*', 'ci-*', 'ci', '.*', '[a-z]'])('accepts the name pattern %j', (pattern) => {
    expect(inGrant({ names: [pattern] })).toEqual([]);
  });

  it.each(['/', '/orders', '/orders/open', '/a*b', '/...', '/{a}b'])('accepts the path prefix %j', (prefix) => {
    expect(faultsOf(documentWith(operationGrant({ pathPrefixes: [prefix] })))).toEqual([]);
  });

  it.each(['', 'orders', '/orders/', '//', '/a//b', '/..', '/a/./b', '/orders/*', '/**', '/{id}', '/{id}/a', '/{\n}'])(
    'rejects the path prefix %j',
    (prefix) => {
      expect(faultsOf(documentWith(operationGrant({ pathPrefixes: [prefix] })))).toEqual([
        expect.stringContaining('must be "/" or literal segments'),
      ]);
    },
  );

  it.each(['connectors', 'names', 'apiServers', 'pathPrefixes'])(
    'requires %s if an endpoint has that limit',
    (limit) => {
      const both = {
        ...operationGrant(),
        ...instanceGrant(),
        endpoints: ['create-connector-instance', operations.name],
      };
      const document = JSON.parse(
        JSON.stringify(documentWith(both), (key, value) => (key === limit ? undefined : value)),
      );
      expect(faultsOf(documentWith(both))).toEqual([]);
      expect(faultsOf(document)).toEqual([expect.stringMatching(`${limit} is required for create-[a-z-]+$`)]);
    },
  );

  it.each([{ apiServers: [elsewhere] }, { pathPrefixes: ['/'] }, { requireAccessControl: true }])(
    'rejects %j if no endpoint has that limit',
    (limit) => {
      expect(inGrant(limit)).toEqual([expect.stringContaining('does not apply to any endpoint of this grant')]);
    },
  );

  it("rejects repeated names of a caller's grants, and of callers", () => {
    const [platform] = documentWith(instanceGrant(), operationGrant({ name: 'instances' })).callers;
    const other = {
      ...platform,
      principals: [{ event: { account: '123456789012', source: 'a' } }],
      grants: [instanceGrant()],
    };
    expect(faultsOf({ version: '1', callers: [platform, { ...other, name: 'other' }] })).toEqual([
      '/callers/0/grants/1/name callers[0].grants[1].name must not repeat "instances"',
    ]);
    expect(faultsOf({ version: '1', callers: [{ ...platform, grants: [] }, other] })).toEqual([
      '/callers/1/name callers[1].name must not repeat "platform"',
    ]);
  });
});

describe('a principal', () => {
  const issuer = 'https://auth.example.com/as';

  it.each([
    [role],
    [{ iam: { account: '123456789012', role: 'a+b=c,d.e@f-g_h' } }],
    [{ jwt: { issuer, client: 'c' } }],
    [{ jwt: { issuer, subject: 's' } }],
    [{ jwt: { issuer: 'http://127.0.0.1:3000/local', client: 'local' } }],
    [{ jwt: { issuer: 'http://localhost', client: 'local' } }],
    [{ event: { account: '123456789012', source: 'com.example.platform' } }],
    [{ webhook: 'service-now' }],
  ])('is %j', (principal) => {
    expect(withPrincipal(principal)).toEqual([]);
  });

  it.each([
    [{}, 'must have exactly one of iam, jwt, event'],
    [{ ...role, jwt: { issuer, client: 'c' } }, 'must have exactly one of iam, jwt, event'],
    [{ jwt: { issuer } }, 'jwt must have exactly one of client, subject'],
    [{ jwt: { issuer, client: 'c', subject: 's' } }, 'jwt must have exactly one of client, subject'],
    [{ jwt: { issuer, client: '' } }, 'jwt.client must have at least 1 character'],
    [{ jwt: { issuer: 'http://auth.example.com', client: 'c' } }, 'must be an https URL'],
    [{ jwt: { issuer: 'http://127.0.0.1.example.com', client: 'c' } }, 'must be an https URL'],
    [{ jwt: { issuer: 'https://', client: 'c' } }, 'must be an https URL'],
    [{ iam: { account: '12345678901', role: 'r' } }, 'must be an AWS account id: 12 digits'],
    [{ iam: { account: '123456789012', role: 'path/r' } }, "must be a role's name, without its path"],
    [{ iam: { account: '123456789012', role: '*' } }, "must be a role's name, without its path"],
    [{ event: { account: '123456789012', source: 'aws.s3' } }, 'must not begin with "aws." or "pingone.provisioner"'],
    [{ event: { account: '123456789012', source: 'PingOne.Provisioner.x' } }, 'must not begin with'],
    [{ webhook: 'Service/Now' }, 'must be kebab case, at most 32 characters'],
    [
      { webhook: 'a', event: { account: '123456789012', source: 'com.x' } },
      'must have exactly one of iam, jwt, event, webhook',
    ],
    [{ user: 'x' }, 'user is not a member of a grants document'],
  ])('is not %j', (principal, fault) => {
    expect(withPrincipal(principal)[0]).toContain(fault);
  });

  it.each([
    [role, 'iam:123456789012:Platform'],
    [{ jwt: { issuer, client: 'c' } }, `jwt:${issuer}:client:c`],
    [{ jwt: { issuer, subject: 's' } }, `jwt:${issuer}:subject:s`],
    [{ event: { account: '123456789012', source: 'com.x' } }, 'event:123456789012:com.x'],
    [{ webhook: 'service-now' }, 'webhook:service-now'],
  ])('belongs to one caller: the violation for %j names both', (principal, text) => {
    const callers = ['one', 'two'].map((name) => ({ name, principals: [principal], grants: [] }));
    expect(faultsOf({ version: '1', callers })).toEqual([
      `/callers/1/principals/0 callers[1].principals[0] is ${text}, which already belongs to "one"`,
    ]);
  });

  it('may be repeated by its caller, and differs by any of its parts', () => {
    const principals = [role, role];
    const others = [
      { iam: { account: '123456789012', role: 'platform' } },
      { iam: { account: '210987654321', role: 'Platform' } },
      { event: { account: '123456789012', source: 'Platform' } },
      { event: { account: '210987654321', source: 'Platform' } },
      { webhook: 'platform' },
      { webhook: 'platform-2' },
      { jwt: { issuer, client: 'c' } },
      { jwt: { issuer, subject: 'c' } },
      { jwt: { issuer: `${issuer}/`, client: 'c' } },
    ].map((principal, index) => ({ name: `other-${index}`, principals: [principal], grants: [] }));
    expect(faultsOf({ version: '1', callers: [{ name: 'one', principals, grants: [] }, ...others] })).toEqual([]);
  });
});
