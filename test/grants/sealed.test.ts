import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { statusEnvironment } from '../../lib/config.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { GrantsUnsealed, openGrants, sealGrants } from '../../lib/grants/sealed.ts';

const folder = mkdtempSync(join(tmpdir(), 'grants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const document = { version: '1', nonProduction: [], callers: [{ name: 'ci', principals: [], grants: [] }] };
const grants = parseGrants({
  ...document,
  callers: [{ name: 'ci', principals: [{ event: { account: '123456789012', source: 'com.example' } }], grants: [] }],
});
const sealed = sealGrants(grants);

describe('sealed grants', () => {
  it('are opened as they were sealed', () => {
    expect(openGrants(sealed)).toEqual(grants);
  });

  it.each([
    ['where one letter is another', sealed.replace('com.example', 'com.exanple')],
    ['where a caller was added', sealed.replace('"callers":[', '"callers":[{},')],
    ['without their digest', JSON.stringify({ grants })],
    ['with nothing but a digest', JSON.stringify({ digest: JSON.parse(sealed).digest })],
    ['that were never checked', JSON.stringify(document)],
    ['that are no object', 'null'],
  ])('are refused %s', (_, text) => {
    expect(() => openGrants(text)).toThrow(GrantsUnsealed);
  });

  it('are needed by a function to start', () => {
    const start = (text: string) => {
      const GRANTS_FILE = join(folder, 'grants.json');
      writeFileSync(GRANTS_FILE, text);
      return z.parse(statusEnvironment, { GRANTS_FILE, LEDGER_TABLE: 't', DOCS_URL: 'https://docs.example' });
    };
    expect(start(sealed).GRANTS_FILE).toEqual(grants);
    expect(() => start(JSON.stringify(grants))).toThrow(GrantsUnsealed);
  });
});
