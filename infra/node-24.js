import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs a script with Node.js 24 or newer: `node infra/node-24.js SCRIPT [ARGUMENT...]`.
// In plain JavaScript, since an older Node.js, which cannot read TypeScript, may start this file.

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const file = process.platform === 'win32' ? 'node.exe' : 'node';

if (!existsSync(modules)) {
  console.error('The packages of this project are not installed: run npm ci first.');
  process.exit(1);
}

// npm puts the packaged binary first in PATH, so that it may have started this file: an installed Node.js goes before it.
const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => resolve(folder, file));
const installed = [process.execPath, ...onPath].filter((path) => !path.startsWith(modules));

// npm installs the package of this platform only, so that the paths of the others do not exist.
const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packaged = Object.keys(optionalDependencies).map((name) => join(modules, name, 'bin', file));

/** A binary that is absent, or of another platform, prints no version. */
const isRecent = (path) => Number(/^v(\d+)/.exec(spawnSync(path, ['--version']).stdout)?.[1]) >= 24;

const node = [...installed, ...packaged].find(isRecent);
if (node === undefined) {
  console.error(
    `This project needs Node.js 24 or newer, and found only ${process.version}: install Node.js 24 from https://nodejs.org.`,
  );
  process.exit(1);
}

const env = {
  // Node.js reads the project's TypeScript in half the time when it did so before.
  NODE_COMPILE_CACHE: join(root, '.build', 'compile-cache'),
  ...process.env,
  // Node.js 24.0 to 24.2 warns that it reads TypeScript.
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`,
};
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
