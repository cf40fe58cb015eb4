import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { invocationOf } from '../loopback/invocation-header.ts';
import { membersOf, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import type { Step } from './observation.ts';

/** The ids of the message and the invocation that called PingOne, the most precise first. */
export const causesOf = (call: Arrival): readonly (string | undefined)[] => [
  call.headers['x-ping-external-transaction-id']?.toString(),
  invocationOf(call),
];

/** The target of a call to PingOne, and the request's state during the call. */
export const callOf = ({
  method,
  path,
}: Arrival): { readonly target: string; readonly activity: string } | undefined => {
  if (path.endsWith('/as/token')) return { target: 'the token', activity: 'Getting a token' };
  for (const endpoint of endpoints) {
    if (endpoint.deployment && matchPath(`/v1${endpoint.deployment.path}`, path)) {
      return method === 'POST'
        ? { target: 'the deployment', activity: 'Deploying' }
        : { target: 'the state of the deployment', activity: 'Reading' };
    }
    if (matchPath(`/v1${endpoint.path}`, path)) {
      return method === 'POST'
        ? { target: 'the create', activity: 'Sending' }
        : { target: 'the list', activity: 'Looking in the list' };
    }
    if (matchPath(`/v1${endpoint.path}/{id}`, path)) return { target: 'the resource', activity: 'Reading' };
  }
  return undefined;
};

/** The end of a call to PingOne; `answer` is undefined if the function gave up before. */
export const endOfCall = (target: string, answer: Outgoing | undefined): Pick<Step, 'text' | 'tone'> => {
  if (answer === undefined || typeof answer === 'string' || 'stream' in answer)
    return { text: `No answer to ${target}`, tone: 'open' };
  const { status, body } = answer;
  if ('rest' in answer) return { text: `Half an answer to ${target}, ${status}`, tone: 'open' };
  const { code, count, id } = membersOf(parseJson(body?.toString()));
  const words = [
    ...(typeof code === 'string' ? [` ${code}`] : []),
    ...(typeof id === 'string' && status < 300 ? [`, resource ${id}`] : []),
    ...(typeof count === 'number' ? [`, ${count} resources`] : []),
  ];
  return { text: `Answered ${target} with ${status}${words.join('')}`, tone: status < 300 ? 'good' : 'bad' };
};
