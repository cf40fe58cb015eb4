import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { eventBusName } from '../gateway/endpoint-queues.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { localSource } from '../gateway/local-grants.ts';
import { quote } from './quote.ts';

/** A command that puts an endpoint's example on the bus, with the example's parameters by default. */
export const putEvent = (
  gateway: Gateway,
  { event, example }: Endpoint,
  parameters: Readonly<Record<string, string>> = example.parameters,
): string => {
  const detail = { version: '1', ...parameters, body: example.body };
  const entry = {
    EventBusName: eventBusName,
    Source: localSource,
    DetailType: event,
    Detail: JSON.stringify(detail),
  };
  return `${cli(gateway)} events put-events --entries ${quote(JSON.stringify([entry]))}`;
};

/** A command that shows an endpoint's dead letters without deleting them. */
export const showDeadLetters = (gateway: Gateway, { name }: Endpoint): string =>
  [
    `${cli(gateway)} sqs receive-message`,
    `--queue-url '${gateway.queues.get(name)?.deadLetters.url}'`,
    '--max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All --message-system-attribute-names All',
  ].join(' \\\n  ');

/** The CLI requires credentials and a region; the stand-ins accept any. */
const cli = ({ awsEndpoint }: Gateway): string =>
  `AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=us-east-1 \\\n  aws --endpoint-url ${awsEndpoint}`;
