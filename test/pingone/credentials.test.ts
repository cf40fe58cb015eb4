import { describe, expect, it } from 'vitest';
import { parseSecret } from '../../lib/pingone/credentials.ts';

const application = {
  clientId: 'c',
  clientSecret: 's',
  environmentID: 'ABFBA8F6-49EB-49F5-A5D9-80AD5C98F9F6',
  region: 'EU',
};

describe('a secret', () => {
  it('may begin with a byte order mark, which is ignored', () => {
    const text = JSON.stringify(application);
    expect(parseSecret(`\uFEFF${text}`, 'a file')).toEqual(parseSecret(text, 'a file'));
  });
});
