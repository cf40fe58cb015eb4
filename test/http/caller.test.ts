import { describe, expect, it } from 'vitest';
import { callerOf } from '../../lib/http/caller.ts';

const callerIn = (authorizer: object) => callerOf(Object({ requestContext: { authorizer } }));
const iam = (userArn: string) => callerIn({ iam: { userArn } });
const jwt = (claims: object) => callerIn({ jwt: { claims } });

describe('the caller, whose requests nobody else shares', () => {
  it('is a role, whatever its session', () => {
    const first = iam('arn:aws:sts::123456789012:assumed-role/Platform/first');
    expect(first).toBe('iam:123456789012:Platform');
    expect(iam('arn:aws:sts::123456789012:assumed-role/Platform/second')).toBe(first);
    expect(iam('arn:aws:sts::123456789012:assumed-role/Other/first')).not.toBe(first);
  });

  it('is a client of an issuer, or who it acts for', () => {
    const claims = { iss: 'https://issuer.example', client_id: 'ci', scope: 'provision' };
    expect(jwt(claims)).toBe('jwt:https://issuer.example:client:ci');
    expect(jwt({ ...claims, sub: 'alice' })).not.toBe(jwt(claims));
    expect(jwt({ ...claims, iss: 'https://other.example' })).not.toBe(jwt(claims));
  });

  it('is an IAM user by its whole ARN, and no two share one', () => {
    expect(iam('arn:aws:iam::123456789012:user/one')).not.toBe(iam('arn:aws:iam::123456789012:user/two'));
  });
});
