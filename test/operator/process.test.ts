import { describe, expect, it } from 'vitest';
import { loadTool } from './load-tool.ts';
import { tool } from './tool.ts';

// The other tests of these tools load their scripts into this process: this is what makes that the same.
describe.each(['grants', 'ledger', 'redrive', 'stop'])('npm run %s, as a process of its own', (name) => {
  it.each(['--help', '--sideways'])(
    'prints what its script prints here, and ends with the same code: %s',
    async (flag) => {
      const printed = await tool(name, [flag]);
      expect(printed).toEqual(await loadTool(name, [flag]));
      expect(printed.code).toBe(flag === '--help' ? 0 : 2);
    },
  );
});
