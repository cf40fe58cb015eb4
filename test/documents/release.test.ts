import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asyncApi } from '../../infra/documents/asyncapi.ts';
import { openApi } from '../../infra/documents/openapi/openapi.ts';
import { endpoints } from '../../lib/endpoints/index.ts';

it('both API documents have the version of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const addresses = { apiPath: 'https://api.example.com/v1', docsUrl: 'https://docs.example.com' };
  expect(openApi(endpoints, addresses).info.version).toBe(version);
  expect(asyncApi(endpoints).info.version).toBe(version);
});
