import { describe, expect, it } from 'vitest';
import { invocationOf } from '../../../infra/local/live/invocation.ts';
import { createJournal } from '../../../infra/local/live/journal.ts';
import type { Observation } from '../../../infra/local/live/observation.ts';
import { observe } from '../../../infra/local/live/observe.ts';
import { viewOf } from '../../../infra/local/live/view.ts';
import { pendingDeploymentMessage } from '../../../lib/deploy/pending-deployment.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { endpoint, deploymentPath as service } from '../../harness/deployable-endpoint.ts';

const { parameters } = endpoint.example;

const viewAfter = (...observations: Observation[]) => {
  const journal = createJournal();
  const created: Observation[] = [
    {
      type: 'received',
      id: 'g1',
      retryOf: undefined,
      request: { method: 'POST', path: `/v1${fillPath(endpoint.path, parameters)}`, headers: {}, body: '{}' },
    },
    { type: 'invoked', id: 'g1', invocation: 'i1', name: endpoint.name },
    {
      type: 'recorded',
      endpoint: endpoint.name,
      request: 'r1',
      item: { state: 'created', arrivalID: 'i1', updatedAt: 1, parameters, deploymentNumber: 2, resource: 'o1' },
    },
  ];
  for (const [index, each] of [...created, ...observations].entries()) observe(journal, each, 10 * (index + 1));
  const [row] = journal.rows();
  if (!row) throw new Error('there is no row');
  return viewOf(row);
};
const deployment = (item: object, of = service): Observation => ({
  type: 'deployment',
  endpoint: endpoint.name,
  service: of,
  item: { ...item },
  enforcement: { configured: 3, enforced: 1 },
});

describe('the detail of an operation', () => {
  it.each([
    [{ wanted: 2 }, 'Waits for its deployment.', 'open'],
    [{ wanted: 2, openBy: 'a' }, 'Is being deployed.', 'open'],
    [{ wanted: 2, failures: 1 }, 'The deployment failed; it is tried again.', 'bad'],
    [{ wanted: 2, deployed: 1 }, 'Waits for its deployment.', 'open'],
    [{ wanted: 5, deployed: 2 }, 'Deployed.', 'good'],
  ])('shows for %j: %s', (item, text, tone) => {
    expect(viewAfter(deployment(item)).deployment).toEqual({
      text: `${text} PingOne enforces 1 of 3 configured operations.`,
      tone,
    });
  });

  it('shows nothing for an unknown state, nor for another service', () => {
    expect(viewAfter().deployment).toBeUndefined();
    expect(viewAfter(deployment({ wanted: 2 }, '/another')).deployment).toBeUndefined();
  });

  it('has the steps of its deployment', () => {
    const body = pendingDeploymentMessage({
      number: 2,
      requestID: 'r1',
      caller: 'local',
      parameters: { ...parameters },
      resource: 'o1',
    });
    const record = { messageId: 'm1', body, attributes: { ApproximateReceiveCount: '1' } };
    const delivered = invocationOf('i2', `${endpoint.name}-deploy-queue`, { Records: [record] });
    if (!delivered) throw new Error('the invocation is not observed');
    const step = { part: 'PingOne', text: 'Asked for the deployment', tone: 'plain' } as const;
    const { timeline } = viewAfter(delivered, { type: 'step', causes: ['i2'], step });
    expect(timeline.map(({ text }) => text).slice(-2)).toEqual([
      'The pending deployment was delivered',
      'Asked for the deployment',
    ]);
  });
});
