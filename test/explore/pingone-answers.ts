import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { type Answer, epoch } from './program.ts';
import type { Resource } from './state.ts';

/** What PingOne answers, by a clock that is behind, in milliseconds. */
export const pingOneAnswers = (behindMs: number) => {
  const shown = ({ id, body, madeAt }: Shown) => ({
    ...JSON.parse(body),
    id,
    createdAt: new Date(epoch + madeAt - behindMs).toISOString(),
  });
  return {
    one: (status: 200 | 201, resource: Shown): Answer => reply(status, shown(resource)),
    list: (resources: readonly Shown[]): Answer => reply(200, { _embedded: { [collection]: resources.map(shown) } }),
  };
};

type Shown = Pick<Resource, 'id' | 'body' | 'madeAt'>;

const collection = endpoint.path.slice(endpoint.path.lastIndexOf('/') + 1);

const reply = (status: number, body: unknown): Answer => ({ value: { status, body: JSON.stringify(body) } });

/** An answer of PingOne's own that is an error. */
export const failure = (status: number): Answer =>
  reply(status, { id: '0', code: 'FAILED', message: 'As PingOne says it.' });
