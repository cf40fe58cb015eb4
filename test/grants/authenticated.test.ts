import { describe, expect, it } from 'vitest';
import { eventSender, httpSender } from '../../lib/grants/authenticated.ts';

const issuer = 'https://auth.example.com/as';
const byToken = (claims: object) => httpSender({ authorizer: { jwt: { claims: { iss: issuer, ...claims } } } });
const byRole = (userArn: string) => httpSender({ authorizer: { jwt: null, iam: { userArn, accessKey: 'A' } } });
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
    [{ sub: 's', scope: '', nonce: 'n' }, { subject: 's' }],
  ])('with %j is its issuer with %j', (claims, principal) => {
    expect(byToken(claims)).toEqual({ jwt: { issuer, ...principal } });
  });

  it.each([
    { sub: 's', nonce: 'n' },
    { sub: 's', azp: 'c' },
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
  expect(httpSender(context)).toEqual(refused('the request is not authenticated'));
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
