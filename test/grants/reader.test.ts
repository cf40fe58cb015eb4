import { describe, expect, it } from 'vitest';
import { type Grant, parseGrants } from '../../lib/grants/document.ts';
import { readerOf } from '../../lib/grants/reader.ts';
import { Problem } from '../../lib/problems.ts';
import { anInstance, documentWith, environment, instanceGrant, instances, now, role } from './fixtures.ts';

const reader = (sender: typeof role, ...grants: readonly Grant[]) =>
  readerOf(
    parseGrants(documentWith(...grants)),
    sender,
    { endpoint: instances, parameters: { environmentID: environment } },
    now,
  );
const { body: resource = {} } = anInstance();
const reads = (more: Partial<Grant> = {}) => instanceGrant({ actions: ['read'], ...more });

describe('a reader', () => {
  it('sees secrets masked unless a grant that covers the resource shows them', () => {
    expect(reader(role, reads()).sight(resource)).toBe('masked');
    expect(reader(role, reads({ secrets: true })).sight(resource)).toBe('secrets');
    const elsewhere = reads({ name: 'others', names: ['other'], secrets: true });
    expect(reader(role, reads(), elsewhere).sight(resource)).toBe('masked');
    expect(reader(role, reads(), elsewhere).sight({ ...resource, name: 'other' })).toBe('secrets');
  });

  it('is denied a resource that no grant covers, though it may read others of the collection', () => {
    const { authorization, sight } = reader(role, reads());
    expect(authorization.denied).toBeUndefined();
    expect(sight({ ...resource, name: 'other' })).toBeInstanceOf(Problem);
  });

  it.each([
    ['whose grants allow only creates', reader(role, instanceGrant())],
    ['whom no caller names', reader({ iam: { account: '123456789012', role: 'Stranger' } }, reads())],
  ])('%s is denied the collection', (_, { authorization, sight }) => {
    expect(authorization.denied).toBeInstanceOf(Problem);
    expect(sight(resource)).toBeInstanceOf(Problem);
  });
});
