import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScript } from '../harness/load-script.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

interface Script {
  readonly name: string;
  /** A flag with a typing error, and the flag that is meant. */
  readonly typo: readonly [given: string, meant: string];
  /** A flag that needs a value. */
  readonly flag: string;
  /** A verb with a typing error, and the verb that is meant. */
  readonly verb?: readonly [given: string, meant: string];
}

const table: readonly Script[] = [
  { name: 'start', typo: ['--aws-prot', '--aws-port'], flag: '--port' },
  { name: 'openapi', typo: ['--api-paht', '--api-path'], flag: '--docs-url' },
  { name: 'asyncapi', typo: ['--schema', '--schemas'], flag: '--schemas' },
  { name: 'ledger', typo: ['--crated', '--created'], flag: '--stage', verb: ['unknwon', 'unknown'] },
  { name: 'redrive', typo: ['--locl', '--local'], flag: '--rate', verb: ['satus', 'status'] },
  { name: 'stop', typo: ['--satge', '--stage'], flag: '--door' },
  { name: 'resume', typo: ['--satge', '--stage'], flag: '--stage' },
  { name: 'grants', typo: ['--enviroment', '--environment'], flag: '--principal', verb: ['explian', 'explain'] },
  { name: 'setup', typo: ['--acount', '--account'], flag: '--region' },
  { name: 'send', typo: ['--async-', '--async'], flag: '--key' },
  { name: 'check-worker', typo: ['--secrets', '--secret'], flag: '--secret' },
  { name: 'cost', typo: ['--ouput', '--output'], flag: '--output' },
  { name: 'faults', typo: ['--sed', '--seed'], flag: '--requests' },
  { name: 'mutate', typo: ['--file', '--files'], flag: '--only' },
  { name: 'explore', typo: ['--scenarios', '--scenario'], flag: '--replay' },
  { name: 'bench', typo: ['--gates', '--gate'], flag: '--margin' },
];

/** The file of a script, and the arguments that package.json gives it. */
const commandOf = (name: string) => {
  const [file = '', ...own] = String(scripts[name]).replace('node infra/node-24.js ', '').split(' ');
  return { file: `${root}${file}`, own };
};

const run = (name: string, ...args: string[]) => {
  const { file, own } = commandOf(name);
  return loadScript(file, [...own, ...args]);
};

const wrong = (says: RegExp) => ({ stdout: '', stderr: expect.stringMatching(says), code: 2 });

describe.each(table)('npm run $name', ({ name, typo, flag }) => {
  const [given, meant] = typo;

  it('explains itself, with its exit codes', async () => {
    const { stdout, stderr, code } = await run(name, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: npm (run )?[\w: -]+ -- /m);
    for (const each of [meant, flag, '--help']) expect(stdout).toMatch(new RegExp(`^  ${each}\\b`, 'm'));
    expect(stdout).toMatch(/^Exit codes: 0 .+, 1 .+, 2 .+\.$/m);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(132);
  });

  it(`asks for ${meant} where it is given ${given}`, async () => {
    expect(await run(name, given, 'x')).toEqual(
      wrong(new RegExp(`^${given} is not a flag; did you mean ${meant}\\?\\n$`)),
    );
  });

  it(`says that ${flag} needs a value`, async () => {
    expect(await run(name, flag)).toEqual(wrong(new RegExp(`^${flag} needs a value: ${flag} .+\\.\\n$`)));
  });
});

it.each(table.flatMap(({ name, verb }) => (verb ? [[name, ...verb] as const] : [])))(
  'npm run %s, given %s, asks for %s',
  async (name, typed, meant) => {
    const sentence = new RegExp(`^the command is .+, not "${typed}"; did you mean ${meant}\\?\\n$`);
    expect(await run(name, typed)).toEqual(wrong(sentence));
  },
);

it('is tried with every script that a person calls with flags', () => {
  const named = Object.keys(scripts).filter((name) => /node-24\.js (?:infra|test)\//.test(scripts[name]));
  const tried = table.map(({ name }) => name);
  // The first has no flags, the second none that needs a value.
  expect(named.filter((name) => !tried.includes(name))).toEqual(['build', 'bench:events']);
});
