import { describe, expect, it } from 'vitest';
import { eventSender, httpSender } from '../../lib/grants/authenticated.ts';

const issuer = 'https://auth.example.com/as';
const byToken = (claims: object) =>
  httpSender({ requestContext: { authorizer: { jwt: { claims: { iss: issuer, ...claims } } } }, headers: {} }, []);
const byRole = (userArn: string) =>
  httpSender({ requestContext: { authorizer: { jwt: null, iam: { userArn, accessKey: 'A' } } }, headers: {} }, ['r']);
const refused = (why: string) => ({ unestablished: why });

describe('the principal of a token', () => {
  it.each([
    [{ client_id: 'c', scope: 'provision' }, { client: 'c' }],
    [{ client_id: 'c', sub: 'c' }, { client: 'c' }],
    [{ azp: 'c', scope: 'provision' }, { client: 'c' }],
    [{ azp: 'c', sub: 'c', scp: 'provision' }, { client: 'c' }],
    [{ client_id: 'c', azp: 'other', sub: 'c' }, { client: 'c' }],
    [{ client_id: 'c', azp: 's', sub: 's' }, { subject: 's' }],
    [{ client_id: 'c', sub: 's' }, { subject: 's' }],
    [{ azp: 'c', sub: 's', scope: 'provision' }, { subject: 's' }],
    [{ sub: 's', scope: 'provision' }, { subject: 's' }],
    // Entra ID, in both versions of its tokens, and Auth0.
    [{ aud: 'api', azp: 'c', sub: 'object', roles: '[provision]', ver: '2.0' }, { subject: 'object' }],
    [{ aud: 'api://api', appid: 'c', sub: 'object', roles: '[provision]', ver: '1.0' }, { subject: 'object' }],
    [{ aud: 'https://api.example', azp: 'c', sub: 'c@clients', gty: 'client-credentials' }, { subject: 'c@clients' }],
    // A worker application of PingOne.
    [{ aud: '[https://api.pingone.eu]', client_id: 'c' }, { client: 'c' }],
  ])('with %j is its issuer with %j', (claims, principal) => {
    expect(byToken(claims)).toEqual({ jwt: { issuer, ...principal } });
  });

  it.each([
    { sub: 's', nonce: 'n' },
    { sub: 's', scope: 'openid', nonce: 'n' },
    { sub: 's', azp: 'c', c_hash: 'h' },
    { sub: 's', azp: 'c', aud: 'c' },
    { sub: 's', azp: 'c', aud: '[other c]' },
    { sub: 's', client_id: 'c', aud: 'c' },
    { sub: 's', appid: 'c', aud: 'c' },
    { sub: 's', aud: 'c', roles: '[provision]' },
    { sub: 's', client_id: 'c', token_use: 'id' },
    { sub: 's', client_id: 'c', scope: 'openid', at_hash: 'h' },
  ])('cannot be established from an ID token with %j', (claims) => {
    expect(byToken(claims)).toEqual(refused('the token is not an access token'));
  });

  it.each([
    [{ scope: 'provision' }, 'the token has neither a client nor a subject'],
    [{ iss: undefined, client_id: 'c' }, 'the token has no issuer, or its client or subject is not text'],
    [{ iss: '', client_id: 'c' }, 'the token has no issuer, or its client or subject is not text'],
    [{ client_id: '', sub: 's' }, 'the token has no issuer, or its client or subject is not text'],
    [{ client_id: 'c', sub: 7 }, 'the token has no issuer, or its client or subject is not text'],
  ])('cannot be established from a token with %j', (claims, why) => {
    expect(byToken(claims)).toEqual(refused(why));
  });
});

describe('a stage that requires a role', () => {
  const roles = ['provision', 'operate'];
  const tokenOf = (payload: object) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
  const withRoles = (authorization: string | undefined, verified: unknown) =>
    httpSender(
      {
        requestContext: { authorizer: { jwt: { claims: { iss: issuer, client_id: 'c', roles: verified } } } },
        headers: { authorization },
      },
      roles,
    );

  it.each([
    ['one of the roles', tokenOf({ roles: ['read', 'provision'] }), '[read provision]'],
    ['its only role as text', tokenOf({ roles: 'operate' }), 'operate'],
  ])('accepts a token with %s', (_, token, verified) => {
    for (const authorization of [`Bearer ${token}`, token]) {
      expect(withRoles(authorization, verified)).toEqual({ jwt: { issuer, client: 'c' } });
    }
  });

  it.each([
    ['no role', tokenOf({}), undefined],
    ['other roles', tokenOf({ roles: ['read'] }), '[read]'],
    ['a role that has a space in it', tokenOf({ roles: ['no provision'] }), '[no provision]'],
    ['roles that are no text', tokenOf({ roles: { provision: true } }), '{"provision":true}'],
    ['no payload', 'nonsense', '[provision]'],
    ['other roles than those that were verified', tokenOf({ roles: ['provision'] }), '[read]'],
  ])('rejects a token with %s', (_, token, verified) => {
    expect(withRoles(`Bearer ${token}`, verified)).toEqual(
      refused('the token has none of the roles provision, operate'),
    );
  });

  it('takes no role from a second token in the header', () => {
    const [forged, verified] = [tokenOf({ roles: ['no', 'provision'] }), tokenOf({ roles: ['no provision'] })];
    for (const authorization of [`Bearer ${forged},Bearer ${verified}`, `Bearer ${verified},Bearer ${forged}`]) {
      expect(withRoles(authorization, '[no provision]')).toHaveProperty('unestablished');
    }
  });

  it('rejects a request without the header', () => {
    expect(withRoles(undefined, '[provision]')).toHaveProperty('unestablished');
  });
});

describe('the principal of an IAM caller', () => {
  it.each([
    'arn:aws:sts::123456789012:assumed-role/Platform/session',
    'arn:aws:sts::123456789012:assumed-role/Platform/i-0=a,b.c@d',
    'arn:aws-us-gov:sts::123456789012:assumed-role/Platform/session',
    'arn:aws:iam::123456789012:role/Platform',
    'arn:aws:iam::123456789012:role/a/b/Platform',
  ])('%s is the role', (arn) => {
    expect(byRole(arn)).toEqual({ iam: { account: '123456789012', role: 'Platform' } });
  });

  it.each([
    '',
    'arn:aws:iam::123456789012:user/Platform',
    'arn:aws:iam::123456789012:root',
    'arn:aws:sts::123456789012:federated-user/Platform',
    'arn:aws:sts::123456789012:assumed-role/Platform',
    'arn:aws:sts::123456789012:assumed-role/path/Platform/session',
    'arn:aws:sts::12345678901:assumed-role/Platform/session',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/Platform\n',
    'x arn:aws:iam::123456789012:role/Platform',
    'x arn:aws:sts::123456789012:assumed-role/Platform/session',
    'arn:other:iam::123456789012:role/Platform',
  ])('%j is rejected', (arn) => {
    expect(byRole(arn)).toEqual(refused('the caller is not an IAM role'));
  });
});

it.each([
  undefined,
  null,
  {},
  { authorizer: null },
  { authorizer: {} },
  { authorizer: { lambda: { principalId: 'x' } } },
  { authorizer: { jwt: {} } },
  { authorizer: { iam: { userArn: 1 } } },
])('no principal is established by the context %j', (context) => {
  expect(httpSender({ requestContext: context, headers: {} }, ['r'])).toEqual(
    refused('the request is not authenticated'),
  );
});

describe('the principal of an event', () => {
  it('is its account and source', () => {
    const event = { account: '123456789012', source: 'com.example', time: 'x' };
    expect(eventSender(event)).toEqual({ event: { account: '123456789012', source: 'com.example' } });
  });

  it.each([
    { account: '', source: 'a' },
    { account: '12345678901', source: 'a' },
    { account: '123456789012', source: '' },
  ])('cannot be established from %j', (event) => {
    expect(eventSender(event)).toEqual(refused('the event has no account or source'));
  });
});
