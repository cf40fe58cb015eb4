import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { BadCommand } from '../../../infra/command/command.ts';
import { parse } from '../../../infra/command/parse.ts';
import { type Loopback, listen } from '../../../infra/local/loopback/loopback.ts';
import { flags, settingsOf } from '../../../infra/local/start/flags.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { loadScript } from '../../harness/load-script.ts';

const script = fileURLToPath(new URL('../../../infra/local/start/start.ts', import.meta.url));
const running: ChildProcess[] = [];
let occupied: Loopback | undefined;

const start = (...flags: string[]) => {
  const { NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env;
  const env = { NODE_COMPILE_CACHE, NODE_OPTIONS };
  const child = spawn(process.execPath, [script, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  return { child, output, exit: once(child, 'close').then(([code]) => code) };
};

/** Runs to the end, in this process. */
const run = (...flags: string[]) => loadScript(script, flags);

/** Stops as Ctrl-C or another process stops it, at once. */
const stopAtOnce = async ({ child, exit }: ReturnType<typeof start>, signal: 'SIGINT' | 'SIGTERM') => {
  const signalledAt = performance.now();
  child.kill(signal);
  expect(await exit).toBe(0);
  expect(performance.now() - signalledAt).toBeLessThan(1_000);
};

const ready = async (...flags: string[]) => {
  const started = start('--port', '0', '--aws-port', '0', ...flags);
  await expect.poll(() => started.output.stdout, { timeout: 25_000 }).toContain('Ctrl-C');
  return started;
};

afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  await occupied?.close();
  occupied = undefined;
});

describe('npm start', () => {
  it('prints its addresses and working commands, and stops on SIGINT', async () => {
    const started = await ready();
    const { output } = started;
    // Without colour, where there is no terminal.
    expect(output.stdout).toMatch(/apiPath +http:\/\/127\.0\.0\.1:\d+\/v1\n/);
    expect(output.stdout).toMatch(/AWS +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(output.stdout).toMatch(/PingOne +http:\/\/127\.0\.0\.1:\d+\/v1 \(sandbox\)\n/);
    expect(output.stdout).toMatch(/docs +http:\/\/127\.0\.0\.1:\d+\/docs\n/);
    const live = /live +(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(output.stdout)?.[1] ?? '';
    expect(await (await fetch(live)).text()).toContain('<title>Live');
    expect(output.stdout).not.toContain('\u001b');
    expect(output.stderr).toBe('');

    const tokenUrl = /token=\$\(curl -s (http.+)\)/.exec(output.stdout)?.[1] ?? '';
    const token = await (await fetch(tokenUrl)).text();

    // A curl for each endpoint that gets past the authorizer, and a line for the request.
    const commands = output.stdout.split('\n\n').filter((block) => block.includes('curl --globoff'));
    expect(commands).toHaveLength(endpoints.length);
    for (const [index, { path, example }] of endpoints.entries()) {
      const command = commands[index] ?? '';
      expect(command).toContain(`/v1${fillPath(path, example.parameters)}'`);
      expect(command).toContain(`--data '${JSON.stringify(example.body)}'`);
      const [url = '', key = ''] = [/'(http.+?)'/, /'Idempotency-Key: (.+?)'/].map((part) => part.exec(command)?.[1]);
      expect(key).toBe(`try-${index + 1}`);
      expect(command).toContain('-H "Authorization: Bearer $token"');
      // Text is not what the endpoints take: the function itself says so.
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
      const { status } = await fetch(url, { method: 'POST', headers, body: '-' });
      expect(status).toBe(415);
      await expect
        .poll(() => output.stdout)
        .toMatch(/^\d\d:\d\d:\d\d Invalid {7}415 +\d+ ms {2}POST \/v1\/\S+… INVALID_REQUEST$/m);
    }
    // No line for a request for a page.
    expect(output.stdout).not.toMatch(/ms {2}GET /);

    // A command that puts an event, the outcome of that, and one that shows dead letters.
    const [awsUrl = '', entries = ''] = [/--endpoint-url (\S+) events/, /--entries '(.+)'/].map(
      (part) => part.exec(output.stdout)?.[1],
    );
    const call = async (target: string, input: object) => {
      const headers = { 'x-amz-target': target };
      return Object(await (await fetch(awsUrl, { method: 'POST', headers, body: JSON.stringify(input) })).json());
    };
    await call('AWSEvents.PutEvents', { Entries: JSON.parse(entries) });
    const outcome = /^\d\d:\d\d:\d\d Created {7}bus +\d+ ms {2}API_HTTP_Connection {6}\w{32}$/m;
    await expect.poll(() => output.stdout, { timeout: 10_000 }).toMatch(outcome);
    const QueueUrl = /--queue-url '(.+)'/.exec(output.stdout)?.[1];
    expect(await call('AmazonSQS.ReceiveMessage', { QueueUrl })).toEqual({});
    await stopAtOnce(started, 'SIGINT');
  });

  it('prints how to make PingOne fail, starts with faults, and stops on SIGTERM', async () => {
    const started = await ready('--auth', 'none', '--faults', 'refuse:1');
    const { output } = started;
    expect(output.stdout).toContain('on: refuse at a rate of 1\n');
    const [url = '', data = ''] = [/curl --request PUT (\S+)/, /--data '(\{ "create".+?)'/].map(
      (part) => part.exec(output.stdout)?.[1],
    );
    expect(await (await fetch(url)).json()).toMatchObject({ create: 'refuse', list: null, rate: 1 });
    expect(await (await fetch(url, { method: 'PUT', body: data })).json()).toMatchObject({
      create: 'createThenReset',
      rate: 0.5,
    });
    await stopAtOnce(started, 'SIGTERM');
  });

  it('omits token and example ids if they are invalid', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'secret-'));
    const file = join(directory, 'secret.json');
    const secret = { clientId: 'a', clientSecret: 'b', environmentID: crypto.randomUUID(), region: 'CA' };
    await writeFile(file, JSON.stringify(secret));
    const { output } = await ready('--auth', 'none', '--secret', file);
    expect(output.stdout).toMatch(/PingOne +https:\/\/api\.pingone\.ca\/v1 \(real\)\n/);
    expect(output.stdout).not.toContain('Authorization');
    expect(output.stdout).not.toContain('/local/faults');
    expect(output.stdout).toContain('/v1/environments/{environmentID}/');
    await rm(directory, { recursive: true });
  });

  it('uses the given grants if they are valid', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'grants-'));
    const file = join(directory, 'grants.json');
    await writeFile(file, JSON.stringify({ version: '1', callers: [], caller: [] }));
    expect(await run('--grants', file)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--grants: .+ can't be used: .+ did you mean callers\?\n$/),
    });
    await writeFile(file, JSON.stringify({ version: '1', callers: [] }));
    const { output } = await ready('--auth', 'none', '--grants', file);
    const url = /curl --globoff '(.+?)'/.exec(output.stdout)?.[1] ?? '';
    const body = JSON.stringify(endpoints[0]?.example.body);
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect([answer.status, Object(await answer.json()).code]).toEqual([403, 'ACCESS_FAILED']);
    await rm(directory, { recursive: true });
  });

  it.each(['--port', '--aws-port'])('names the port in use and the flag %s', async (flag) => {
    occupied = await listen(0);
    const other = flag === '--port' ? '--aws-port' : '--port';
    expect(await run(flag, String(occupied.port), other, '0')).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${occupied.port} on 127.0.0.1 is taken; choose another one with ${flag}.\n`,
    });
  });

  it('prints its flags', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const flag of ['--port', '--aws-port', '--auth jwt|none', '--secret FILE', '--grants FILE', '--faults KIND'])
      expect(stdout).toContain(flag);
  });

  it.each([
    [['stray'], 'npm start takes no argument; "stray" is not expected.'],
    [['--port'], '--port needs a value: --port PORT.'],
    [
      ['--port', '--auth', 'none'],
      '--port needs a value, and --auth follows it; write --port=--auth if you mean that.',
    ],
    [['--port', 'http'], '--port is a whole number from 0 to 65535, not "http".'],
    [['--aws-port', '65536'], '--aws-port is a whole number from 0 to 65535, not "65536".'],
    [['--port', '3001'], '--port and --aws-port are both 3001; they must differ.'],
    [['--auth', 'iam'], '--auth is jwt or none, not "iam".'],
    [
      ['--role', 'a', '--auth', 'none'],
      '--role checks tokens, which --auth none does not read; leave one of them out.',
    ],
    [['--role', 'a b'], '--role is a name without spaces, not "a b".'],
    [['--faults', 'lightning'], '--faults has no kind "lightning"; --help lists the kinds.'],
    [['--faults', 'any:2'], '--faults is KIND:RATE with a rate from 0 to 1, not "any:2".'],
    [['--faults', 'any:'], '--faults is KIND:RATE with a rate from 0 to 1, not "any:".'],
    [['--faults', 'any:1:1'], '--faults is KIND:RATE with a rate from 0 to 1, not "any:1:1".'],
    [
      ['--faults', 'any', '--secret', 'file'],
      '--faults works only in the sandbox, which --secret replaces; leave one of them out.',
    ],
  ])('explains %j', (args, sentence) => {
    const read = () => settingsOf(parse({ call: 'npm start', flags }, args).values);
    expect(read).toThrow(new BadCommand(sentence.slice(0, -1)));
  });

  it.each([
    [['--prot', '1'], '--prot is not a flag; did you mean --port?'],
    [['--secret', '/no/such/file'], '--secret: /no/such/file does not exist.'],
    [['--grants', '/no/such/file'], '--grants: /no/such/file does not exist.'],
  ])('ends %j with one sentence and exit code 2', async (args, sentence) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it('prints the same, with the same exit code, as a separate process', async () => {
    const { output, exit } = start('--prot');
    expect(await run('--prot')).toEqual({ code: await exit, ...output });
  });
});
