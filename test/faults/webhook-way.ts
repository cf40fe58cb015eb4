import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import { webhookHandler } from '../../lib/webhook/handler.ts';
import { keysFrom } from '../../lib/webhook/secrets.ts';
import type { Source } from '../../lib/webhook/source.ts';
import { payloadOf, standardHeaders } from '../harness/signed-webhook.ts';
import type { Way } from './queue-run.ts';

const key = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const source: Source = { scheme: 'standard', secret: 'webhooks/storm' };
const callers = ['ci', 'catalogue'];
const grants = parseGrants({
  version: '1',
  callers: callers.map((name) => callerOfAll(name, [{ webhook: name }])),
});

/** Posts the requests as signed webhooks, each until it is accepted, signed again each time. */
export const byWebhook: Way = {
  arrivalOf: ({ number, caller }) => `${caller}/event-${number}`,
  arrivalIn: ({ id }) => String(id).replace(/ \w+$/, ''),
  messageOf: (message) => String(message.arrivalID),
  open: (system, bus, endpoint, fateOf) => {
    const { aws, clock, log, sqs } = system;
    aws.secretsManager.put(source.secret, JSON.stringify({ secrets: [key] }));
    const secrets = new SecretsManagerClient(system.client);
    const keys = keysFrom(secrets, source, clock.now, log);
    const post = async (caller: string, id: string, body: string): Promise<number> => {
      const died = Promise.withResolvers<number>();
      const { ledger } = system.composed(
        endpoint,
        fateOf(() => died.resolve(0)),
      );
      const handler = webhookHandler({
        sources: new Map(callers.map((name) => [name, { scheme: source, keys }])),
        endpoints: [endpoint],
        accept: () => acceptWith({ ledger, sqs, queueUrl: bus.queue.url, clock, log }),
        grants,
        unknownMembers: 'refuse',
        docsUrl: 'https://docs.example',
        log,
        now: clock.now,
      });
      const headers = standardHeaders(body, { key, id, at: clock.now() });
      const context: Partial<Context> = { awsRequestId: 'storm', getRemainingTimeInMillis: () => 10_000 };
      const answer = handler(Object({ routeKey: `POST /v1/webhooks/${caller}`, headers, body }), Object(context));
      return Promise.race([died.promise, answer.then(({ statusCode = 0 }) => statusCode)]);
    };
    return {
      send: async ({ number, caller, key: idempotencyKey, body }) => {
        const payload = payloadOf(endpoint, { body, ...(idempotencyKey && { idempotencyKey }) });
        for (;;) {
          const status = await post(caller, `event-${number}`, payload);
          if (status === 202) return;
          if (status !== 0 && status < 500) throw new Error(`a webhook was answered ${status}`);
          await system.pass(5_000);
        }
      },
      close: () => secrets.destroy(),
    };
  },
};
