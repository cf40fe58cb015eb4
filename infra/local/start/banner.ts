import { styleText } from 'node:util';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import type { AnsweredRequest } from '../api-gateway/api-gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { putEvent, showDeadLetters } from './aws-commands.ts';
import type { Settings } from './flags.ts';
import { quote } from './quote.ts';

/** The text of a ready gateway: its addresses, and a command to try for each endpoint. */
export const banner = (gateway: Gateway, flags: Settings): string =>
  [
    '',
    styleText('bold', 'PingOne Provisioner is running on this machine.'),
    '',
    ...rows([
      ['apiPath', gateway.apiPath],
      ['AWS', gateway.awsEndpoint],
      ['PingOne', flags.secretFile === undefined ? `${gateway.pingOneApi} (sandbox)` : `${gateway.pingOneApi} (real)`],
      ['live', `${gateway.url}/`],
      ['docs', `${gateway.url}/docs`],
      ['for scripts', `${gateway.url}/local`],
    ]),
    ...(flags.secretFile === undefined ? ['', styleText('bold', 'Make PingOne fail'), switchOf(gateway, flags)] : []),
    ...endpoints.flatMap((endpoint) => ['', styleText('bold', endpoint.summary), curl(gateway, flags, endpoint)]),
    ...endpoints.slice(0, 1).flatMap((endpoint) => busCommands(gateway, flags, endpoint)),
    '',
    styleText('dim', 'Ctrl-C stops everything.'),
    '',
  ].join('\n');

/** Whether a request gets a line: a view of a page does not. */
export const isCall = ({ method, path, status }: AnsweredRequest): boolean =>
  method !== 'GET' || path.startsWith('/v1/') || status >= 400;

/** One line about one request. */
export const requestLine = ({ method, path, status, ms, id }: AnsweredRequest): string =>
  [
    method.padEnd(4),
    path,
    styleText(status < 400 ? 'green' : status < 500 ? 'yellow' : 'red', String(status)),
    styleText('dim', `${ms.toFixed(0)} ms`),
    id ?? '',
  ]
    .join(' ')
    .trimEnd();

const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([name, value]) => `  ${name.padEnd(12)} ${styleText('cyan', value)}`);

const switchOf = ({ url }: Gateway, { faults }: Settings): string =>
  [
    ...(faults ? [`on: ${faults.create ?? faults.list} at a rate of ${faults.rate}`] : []),
    `curl --request PUT '${url}/local/faults' --data '{ "create": "createThenReset", "rate": 0.5 }'`,
    styleText('dim', `--data '{}' ends it; GET ${url}/local/faults lists the kinds.`),
  ].join('\n');

const busCommands = (gateway: Gateway, { secretFile }: Settings, endpoint: Endpoint): string[] => [
  '',
  styleText('bold', 'Ask on the event bus'),
  putEvent(gateway, endpoint, secretFile === undefined ? undefined : placeholders(endpoint)),
  '',
  styleText('bold', 'Look into its dead-letter queue'),
  showDeadLetters(gateway, endpoint),
];

/** A real tenant lacks the example's environment: the person fills in their own. */
const placeholders = ({ example }: Endpoint): Record<string, string> =>
  Object.fromEntries(Object.keys(example.parameters).map((name) => [name, `{${name}}`]));

const curl = (gateway: Gateway, { auth, secretFile }: Settings, { path, example }: Endpoint): string => {
  const filled = secretFile === undefined ? fillPath(path, example.parameters) : path;
  return [
    `curl --globoff '${gateway.apiPath}${filled}'`,
    "--header 'Content-Type: application/json'",
    ...(auth === 'jwt' ? [`--header 'Authorization: Bearer ${gateway.accessToken}'`] : []),
    `--data ${quote(JSON.stringify(example.body))}`,
  ].join(' \\\n  ');
};
