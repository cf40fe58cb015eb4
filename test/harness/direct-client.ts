import { setImmediate } from 'node:timers/promises';
import type { Aws } from '../../infra/local/aws/aws.ts';
import { parseJson } from '../../infra/local/loopback/json.ts';

/** The SDK's number of attempts for throttled, failed and unanswered calls. */
const attempts = 3;

interface Command {
  readonly input: object;
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * A client that passes its commands to a service of the local AWS without the SDK's middleware, which costs ten times as
 * much as the service. It retries like the SDK.
 */
export const directClient = <Client>(
  { prototype }: { readonly prototype: Client },
  { target }: { readonly target: string },
  aws: Aws,
): Client =>
  Object.assign(Object.create(Object(prototype)), {
    send: (command: Command, { abortSignal }: SendOptions = {}) =>
      ask(aws, `${target}.${command.constructor.name.replace(/Command$/, '')}`, command.input, abortSignal),
    destroy: () => {},
  });

const ask = async (aws: Aws, operation: string, input: object, signal: AbortSignal | undefined): Promise<unknown> => {
  for (let nth = 1; ; nth++) {
    signal?.throwIfAborted();
    const reply = await answerTo(aws, operation, input);
    if (reply !== 'reset' && reply.status < 300) return parseJson(String(reply.body));
    const error = reply === 'reset' ? new Error('socket hang up') : errorIn(String(reply.body));
    const isRetried = reply === 'reset' || reply.status >= 500 || /Throughput|Throttl/.test(error.name);
    if (!isRetried || nth === attempts) throw error;
    await setImmediate();
  }
};

const answerTo = ({ answer }: Aws, operation: string, input: object): ReturnType<Aws['answer']> =>
  answer({
    method: 'POST',
    path: '/',
    query: '',
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': operation },
    rawHeaders: [],
    body: Buffer.from(JSON.stringify(input)),
    over: never,
  });

const never = new AbortController().signal;

/** An error with the SDK's name. */
const errorIn = (body: string): Error => {
  const { __type: type, message, Message } = Object(parseJson(body));
  return Object.assign(new Error(message ?? Message), { name: String(type).replace(/^.*#/, '') });
};
