import { SQSClient } from '@aws-sdk/client-sqs';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { acceptWith } from '../../lib/intake/accept.ts';
import { Problem } from '../../lib/problems.ts';
import type { ProvisionRequest } from '../../lib/provision/request.ts';
import { httpRequest } from '../harness/http-request.ts';
import { gatewayOn } from './gateway.ts';
import type { Outside, Told } from './program.ts';
import { type Asking, caller, type Sender, senderOf } from './sender.ts';

/** As API Gateway leaves it to a function, in milliseconds. */
const withinMs = 26_000;

/** A caller over HTTP. */
export const httpSender = (name: string, asking: Asking = {}): Sender =>
  senderOf(name, 'http', asking, (nth) => (outside) => {
    const { provision, clock } = gatewayOn(outside, `${name}${nth}`, nth, asking);
    return told(async () => {
      const { how, id, requestID } = await provision(requestOf(`${name}${nth}`, asking), clock.now() + withinMs);
      return { told: 'made', how, id, requestID };
    });
  });

/** A caller over HTTP that would rather not wait. */
export const acceptSender = (name: string, asking: Asking = {}): Sender =>
  senderOf(name, 'accept', asking, (nth) => (outside) => {
    const { ledger, clock, log } = gatewayOn(outside, `${name}${nth}`, nth, asking);
    const accept = acceptWith({ ledger, sqs: queueOf(outside), queueUrl: 'queue', clock, log });
    return told(async () => {
      await accept(requestOf(`${name}${nth}`, asking), clock.now() + withinMs);
      return { told: 'accepted' };
    });
  });

const requestOf = (arrivalID: string, { key, body, event = arrivalID, deploysAfter }: Asking): ProvisionRequest => ({
  ...httpRequest(endpoint, { body, caller, key, arrivalID: event }),
  deploysAfter,
});

/** All of SQS that the door uses. */
const queueOf = (outside: Outside): SQSClient =>
  Object.assign(Object.create(SQSClient.prototype), {
    send: ({ input }: { readonly input: { readonly MessageBody: string } }) =>
      outside.call({ kind: 'enqueue', message: input.MessageBody }),
  });

const told = async (answer: () => Promise<Told>): Promise<Told> => {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, message, isRetryable, facts } = error;
    return { told: 'problem', code, message, isRetryable, retryAfterMs: facts.retryAfterMs };
  }
};
