import { createHash } from 'node:crypto';
import { eventSources } from '../../lib/contract.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { Problem } from '../../lib/problems.ts';
import { identified } from '../../lib/provision/identity.ts';
import {
  type DeploymentOutcomeKind,
  deployedOutcome,
  deploymentFailedOutcome,
} from '../../lib/queue/deployment-outcome.ts';
import { created, failed, type OutcomeKind, type OutcomeSubject, outcomeType } from '../../lib/queue/outcome.ts';

/** The example of an endpoint's request event. */
export const requestExample = ({ event, example: { parameters, body } }: Endpoint) =>
  exampleOf(event, 'com.example.catalogue', '2026-03-02T09:15:00Z', {
    version: '1',
    ...parameters,
    idempotencyKey,
    body,
  });

/** The example of an outcome of that request. */
export const outcomeExample = (endpoint: Endpoint, kind: OutcomeKind | DeploymentOutcomeKind) => {
  const { finishedAt, detail } = outcomes[kind];
  const event = requestExample(endpoint);
  const { parameters } = endpoint.example;
  const subject = {
    arrivalID: event.id,
    requestID: identified('catalogue', endpoint, parameters, idempotencyKey, event.id).requestID,
    sourceEventID: event.id,
    idempotencyKey,
    parameters,
    requestedAt: event.time,
    finishedAt,
  };
  return exampleOf(outcomeType(endpoint, kind), eventSources.outcome, finishedAt, detail(subject, endpoint));
};

type Subject = OutcomeSubject & { readonly requestID: string };

interface OutcomeExample {
  readonly finishedAt: string;
  readonly detail: (subject: Subject, endpoint: Endpoint) => Readonly<Record<string, unknown>>;
}

const deployedBy = '2026-03-02T09:15:19.204Z';

const outcomes: Readonly<Record<OutcomeKind | DeploymentOutcomeKind, OutcomeExample>> = {
  Created: {
    finishedAt: '2026-03-02T09:15:01.482Z',
    detail: (subject, { example: { resource } }) =>
      created(subject, { how: 'created', id: resource.id, text: JSON.stringify(resource) }),
  },
  Rejected: {
    finishedAt: '2026-03-02T09:15:01.316Z',
    detail: (subject) => {
      const message = 'PingOne refused the request; nothing was created (status 400).';
      const upstream = { code: 'INVALID_DATA', message: '' };
      const violations = [{ code: 'UNIQUENESS_VIOLATION', message: '' }];
      const facts = { status: 400, upstream, violations };
      return failed(subject, 'Rejected', new Problem('PINGONE_REFUSED', message, facts));
    },
  },
  Unresolved: {
    finishedAt: '2026-03-02T15:16:22.905Z',
    detail: (subject) => {
      const message = 'PingOne may or may not have created the resource.';
      return failed(subject, 'Unresolved', new Problem('OUTCOME_UNKNOWN', message));
    },
  },
  Deployed: {
    finishedAt: deployedBy,
    detail: (subject, endpoint) => {
      const now = Date.parse(deployedBy);
      return deployedOutcome(pendingOf(subject, endpoint), { deployedAt: now - 400 }, now);
    },
  },
  DeploymentFailed: {
    finishedAt: deployedBy,
    detail: (subject, endpoint) => {
      const failure = { status: 403, code: 'ACCESS_FAILED' };
      const receipt = { now: Date.parse(deployedBy), nth: '1', isRetried: true };
      return deploymentFailedOutcome(pendingOf(subject, endpoint), failure, receipt);
    },
  },
};

const pendingOf = ({ requestID, parameters }: Subject, { example: { resource } }: Endpoint) => ({
  source: eventSources.pendingDeployment,
  number: 1,
  requestID,
  caller: 'catalogue',
  parameters,
  resource: resource.id,
});

const exampleOf = (type: string, source: string, time: string, detail: Readonly<Record<string, unknown>>) => ({
  version: '0',
  id: uuidFor(type),
  'detail-type': type,
  source,
  account: '111122223333',
  // EventBridge's times have whole seconds.
  time: time.replace(/\.\d+/, ''),
  region: exampleRegion,
  resources: [],
  detail,
});

/** Constant, so each run prints the same document. */
const uuidFor = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

export const exampleRegion = 'eu-central-1';
const idempotencyKey = 'order-4711';
