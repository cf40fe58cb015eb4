import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { statusEnvironment } from '../../lib/config.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { GrantsAltered, packGrants, unpackGrants } from '../../lib/grants/packed.ts';

const folder = mkdtempSync(join(tmpdir(), 'grants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const document = { version: '1', nonProduction: [], callers: [{ name: 'ci', principals: [], grants: [] }] };
const grants = parseGrants({
  ...document,
  callers: [{ name: 'ci', principals: [{ event: { account: '123456789012', source: 'com.example' } }], grants: [] }],
});
const packed = packGrants(grants);

describe('packed grants', () => {
  it('are unpacked as they were packed', () => {
    expect(unpackGrants(packed)).toEqual(grants);
  });

  it.each([
    ['where one letter is another', packed.replace('com.example', 'com.exanple')],
    ['where a caller was added', packed.replace('"callers":[', '"callers":[{},')],
    ['without their digest', JSON.stringify({ grants })],
    ['with nothing but a digest', JSON.stringify({ digest: JSON.parse(packed).digest })],
    ['that were never checked', JSON.stringify(document)],
    ['that are no object', 'null'],
  ])('are rejected %s', (_, text) => {
    expect(() => unpackGrants(text)).toThrow(GrantsAltered);
  });

  it("are required for a function's start", () => {
    const start = (text: string) => {
      const GRANTS_FILE = join(folder, 'grants.json');
      writeFileSync(GRANTS_FILE, text);
      return z.parse(statusEnvironment, { GRANTS_FILE, LEDGER_TABLE: 't', DOCS_URL: 'https://docs.example' });
    };
    expect(start(packed).GRANTS_FILE).toEqual(grants);
    expect(() => start(JSON.stringify(grants))).toThrow(GrantsAltered);
  });
});
