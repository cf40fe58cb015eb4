import { expect, it } from 'vitest';
import { loadTool } from './load-tool.ts';
import { tool } from './tool.ts';

// Other tests load scripts into this process, since a process of its own costs half a second: this makes that the same.
it.each([
  [['--help'], 0],
  [['unknown', '--sideways'], 2],
])('a tool prints the same as a separate process: %j', async (args, code) => {
  const printed = await tool('ledger', args);
  expect(printed).toEqual(await loadTool('ledger', args));
  expect(printed.code).toBe(code);
});
