import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath, parameterNames } from '../../../lib/endpoints/path.ts';
import { isMembers } from '../../../lib/validation/members.ts';
import { BadCommand, defineCommand, option, output } from '../../command/command.ts';
import { runCommand } from '../../command/run-command.ts';
import { wholeNumber } from '../../command/whole-number.ts';
import { flagNames, parametersIn, pathFlags } from '../path-flags.ts';
import { deployedApi, localApi } from './api.ts';
import { readCreate } from './create-file.ts';
import { deliver } from './deliver.ts';

const filled = ({ path }: Endpoint, parameters: Readonly<Record<string, string | undefined>>): string => {
  const values = parameterNames(path).map((name) => [name, parameters[name] ?? ''] as const);
  const missing = values.find(([, value]) => value === '');
  if (missing) throw new BadCommand(`--${flagNames.get(missing[0])} ID is missing; --help explains it`);
  return fillPath(path, Object.fromEntries(values));
};

/** A problem's title, and each violation on a line. */
const shownProblem = ({ title, message, details }: Readonly<Record<string, unknown>>): string => {
  const violations = Array.isArray(details) ? details.filter(isMembers).map((each) => `  ${each.message}`) : [];
  const all = violations.length > 0 ? violations : [`  ${message}`];
  return title === undefined ? `Not created: ${message}` : [`Not created: ${title}`, ...all].join('\n');
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

await runCommand(
  defineCommand({
    call: 'npm run send',
    summary: `Sends a create with an idempotency key, and follows it until its outcome is known: a retry has the same key.
FILE is the JSON body; - reads it from stdin. It goes to the local run, unless --api-path or API_PATH names a stage:
there ACCESS_TOKEN has the caller's token, or else the AWS credentials of the caller's role sign the request.`,
    args: ['FILE'],
    flags: {
      ...pathFlags((parameter) => `${parameter} of the path; by default that of the examples, or of the environment`),
      endpoint: option('NAME', 'what to create; by default what the body looks like', {
        choices: endpoints.map(({ name }) => name),
      }),
      key: option('KEY', 'the Idempotency-Key; by default a new one'),
      async: { type: 'boolean', help: 'prefer respond-async: the queue creates it' },
      url: option('URL', 'the local run', { default: 'http://127.0.0.1:3000' }),
      'api-path': option('URL', 'a deployed stage: its output ApiPath (or IamApiPath, JwtApiPath)'),
      minutes: option('N', 'how long to wait for the outcome', { default: '15' }),
      output,
    },
    fails: 'nothing was created, or its outcome is not known in time',
    run: async ({ args: [file = ''], values, print }) => {
      const until = Date.now() + wholeNumber('--minutes', String(values.minutes), 0, 1_440) * 60_000;
      const { json: body, endpoint } = await readCreate(file, text(values.endpoint));
      const apiPath = text(values['api-path']) ?? process.env.API_PATH;
      const api = apiPath === undefined ? await localApi(String(values.url)) : await deployedApi(apiPath, process.env);
      const path = filled(endpoint, { ...api.parameters, ...parametersIn(values) });
      const key = text(values.key) ?? randomUUID();
      const say = (words: string) => console.error(`${new Date().toTimeString().slice(0, 8)} ${words}`);
      say(`POST ${api.apiPath}${path}`);
      say(`Idempotency-Key: ${key}`);
      const { ok, answer } = await deliver({ api, path, key, body, isAsync: values.async === true, until, delay, say });
      print(answer, ok ? JSON.stringify(answer, null, 2) : shownProblem(answer));
      if (!ok) process.exitCode = 1;
    },
  }),
);
