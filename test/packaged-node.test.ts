import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

const { scripts, optionalDependencies } = readJson('package.json');
const { packages } = readJson('package-lock.json');
const locked = Object.keys(optionalDependencies).map((name) => ({ name, ...packages[`node_modules/${name}`] }));

describe('npm', () => {
  it('finds a packaged Node.js 24 for each platform', () => {
    expect(locked.map(({ os, cpu }) => `${os} ${cpu}`).sort()).toEqual([
      'darwin arm64',
      'darwin x64',
      'linux arm64',
      'linux x64',
      'win32 x64',
    ]);
  });

  it.each(locked)('checks the hash of $name $version, which may be absent', ({ name, ...entry }) => {
    expect(entry).toMatchObject({ optional: true, integrity: expect.stringMatching(/^sha512-/) });
    expect(entry.version).toMatch(/^24\.\d+\.\d+$/);
    expect(optionalDependencies[name]).toBe(entry.version);
  });

  it.each(Object.entries<string>(scripts))('starts every command of the script %s with the launcher', (_, script) => {
    for (const command of script.split(' && ')) expect(command).toMatch(/^node infra\/node-24\.js (?!-)/);
  });
});
