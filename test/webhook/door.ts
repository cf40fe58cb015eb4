import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import { webhookHandler } from '../../lib/webhook/handler.ts';
import { keysFrom } from '../../lib/webhook/secrets.ts';
import type { Source } from '../../lib/webhook/source.ts';
import { type Bus, startBus } from '../harness/bus.ts';
import { type System, type SystemOptions, startSystem } from '../harness/system.ts';

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Door {
  readonly system: System;
  readonly bus: Bus;
  /** Posts to a source; one that the door does not have arrives by the route for others, as API Gateway sends it. */
  post(
    source: string,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    grants?: GrantsDocument,
  ): Promise<Answer>;
  /** Puts the value of a source's secret. */
  putSecret(source: string, value: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The webhook function and the queue function of an endpoint in one process, on a virtual clock. */
export const openDoor = async (
  endpoint: Endpoint,
  sources: Readonly<Record<string, Source>>,
  initial: GrantsDocument,
  options: SystemOptions = {},
): Promise<Door> => {
  let granted = initial;
  const system = await startSystem(options);
  const bus = startBus(system, endpoint, { grants: () => granted });
  const { clock, aws, client, sqs, log } = system;
  const secrets = new SecretsManagerClient(client);
  const fate = { dies: () => false, sleeps: {}, onDeath: () => {} };
  const { ledger } = system.composed(endpoint, fate);
  const verifiers = new Map(
    Object.entries(sources).map(([name, scheme]) => [
      name,
      { scheme, keys: keysFrom(secrets, scheme, clock.now, log) },
    ]),
  );
  const accept = acceptWith({ ledger, sqs, queueUrl: bus.queue.url, clock, log });
  return {
    system,
    bus,
    post: async (source, headers, body, grants = granted) => {
      granted = grants;
      const handler = webhookHandler({
        sources: verifiers,
        endpoints: [endpoint],
        accept: () => accept,
        grants: parseGrants(grants),
        unknownMembers: 'refuse',
        docsUrl: 'https://docs.example',
        log,
        now: clock.now,
      });
      const event = {
        routeKey: `POST /v1/webhooks/${Object.hasOwn(sources, source) ? source : '{proxy+}'}`,
        headers,
        body: body.toString(typeof body === 'string' ? undefined : 'base64'),
        isBase64Encoded: typeof body !== 'string',
      };
      const context: Partial<Context> = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => 10_000 };
      return Object(await clock.during(handler(Object(event), Object(context))));
    },
    putSecret: (source, value) => aws.secretsManager.put(sources[source]?.secret ?? '', value),
    [Symbol.asyncDispose]: async () => {
      secrets.destroy();
      await bus.close();
      await system.close();
    },
  };
};
