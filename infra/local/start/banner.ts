import { styleText } from 'node:util';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { putEvent, showDeadLetters } from './aws-commands.ts';
import type { Settings } from './flags.ts';
import { quote } from './quote.ts';
import { postWebhook } from './webhook-command.ts';

/** The text of a ready gateway: its addresses, and a command to try for each endpoint. */
export const banner = (gateway: Gateway, settings: Settings): string => {
  const isSandbox = settings.secretFile === undefined;
  return [
    '',
    styleText('bold', 'PingOne Provisioner is running on this machine.'),
    '',
    ...rows([
      ['live', `${gateway.url}/`],
      ['docs', `${gateway.url}/docs`],
      ['apiPath', gateway.apiPath],
      ['IAM apiPath', gateway.iam.apiPath],
      ['webhooks', gateway.webhook.url],
      ['AWS', gateway.awsEndpoint],
      ['PingOne', `${gateway.pingOneApi} (${isSandbox ? 'sandbox' : 'real'})`],
      ['for scripts', `${gateway.url}/local`],
    ]),
    ...(isSandbox ? part('Make PingOne fail', switchOf(gateway, settings)) : []),
    ...(settings.auth === 'jwt' ? part('Get a token', `token=$(curl -s ${gateway.url}/local/token)`) : []),
    ...endpoints.flatMap((endpoint, nth) => part(endpoint.summary, curl(gateway, settings, endpoint, nth + 1))),
    ...endpoints.slice(0, 1).flatMap((endpoint) => otherDoors(gateway, isSandbox, endpoint)),
    '',
    styleText(
      'dim',
      'npm run send -- FILE sends a body with a key, and retries until its outcome is known. Each request has a line below; Ctrl-C stops everything.',
    ),
    '',
  ].join('\n');
};

const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([name, value]) => `  ${name.padEnd(12)} ${styleText('cyan', value)}`);

const part = (title: string, text: string): readonly string[] => ['', styleText('bold', title), text];

const switchOf = ({ url }: Gateway, { faults }: Settings): string =>
  [
    ...(faults ? [`on: ${faults.create ?? faults.list ?? faults.deploy} at a rate of ${faults.rate}`] : []),
    `curl --request PUT ${url}/local/faults --data '{ "create": "createThenReset", "rate": 0.5 }'`,
    styleText('dim', `--data '{}' ends it; GET ${url}/local/faults lists the kinds.`),
  ].join('\n');

/** The commands for the doors without tokens. */
const otherDoors = (gateway: Gateway, isSandbox: boolean, endpoint: Endpoint): readonly string[] => {
  const parameters = isSandbox ? undefined : placeholders(endpoint);
  return [
    ...part('Post a signed webhook', postWebhook(gateway, endpoint, parameters)),
    ...part('Send a request on the event bus', putEvent(gateway, endpoint, parameters)),
    ...part('Show its dead letters', showDeadLetters(gateway, endpoint)),
  ];
};

/** A real tenant lacks the example's environment: placeholders for ids of the tenant. */
const placeholders = ({ example }: Endpoint): Record<string, string> =>
  Object.fromEntries(Object.keys(example.parameters).map((name) => [name, `{${name}}`]));

/** A create with its own key: when it is run twice, the answer has the first resource again. */
const curl = (gateway: Gateway, { auth, secretFile }: Settings, { path, example }: Endpoint, nth: number): string => {
  const filled = secretFile === undefined ? fillPath(path, example.parameters) : path;
  return [
    `curl --globoff ${quote(gateway.apiPath + filled)}`,
    [
      ...(auth === 'jwt' ? ['-H "Authorization: Bearer $token"'] : []),
      `-H 'Content-Type: application/json' -H 'Idempotency-Key: try-${nth}'`,
    ].join(' '),
    `--data ${quote(JSON.stringify(example.body))}`,
  ].join(' \\\n  ');
};
