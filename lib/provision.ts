import type { PingOne } from './pingone/client.ts';
import type { Created } from './pingone/reply.ts';
import type { CreateRequest } from './pingone/request.ts';

/** Makes the resource that a checked request asks for, or throws the Problem that says why not. */
export type Provision = (request: CreateRequest, deadline: number) => Promise<Created>;

export const provisionBy =
  (pingOne: PingOne): Provision =>
  async (request, deadline) => {
    const reply = await pingOne.create(request, deadline);
    if (reply.known !== 'created') throw reply.problem;
    return reply;
  };
