import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { holes } from './holes.ts';

/** Those that are found at once; `npm run explore -- --holes` looks for all. */
const quick = ['E1', 'E3', 'E20', 'closed-first', 'earlier-sends', 'clocks', 'pending-deployment-first'];

describe('the explorer', () => {
  it('finds each hole again when its guard is taken out', { timeout: 120_000 }, async () => {
    const args = ['test/explore/run.ts', ...quick.flatMap((name) => ['--hole', name])];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const found = stdout.trim().split('\n');
    expect(found.map((line) => line.split(',')[0])).toEqual(quick);
    expect(found.filter((line) => !/: .+ \(\S+\/\d\/\d+\), \d+ states, /.test(line))).toEqual([]);
  });

  it('has one name for each hole', () => {
    expect(new Set(holes.map(({ name }) => name)).size).toBe(holes.length);
  });
});
