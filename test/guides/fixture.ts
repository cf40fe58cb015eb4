import type { BusEvent } from '../../infra/local/aws/event-bridge/event.ts';
import { startGateway } from '../../infra/local/gateway/gateway.ts';
import type { Faults } from '../../infra/local/sandbox/sandbox.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { collectionOf } from '../harness/front-door.ts';
import { snippet } from './guides.ts';

/** The gateway that the guides' snippets call. */
export const startFixture = async () => {
  let faults: Faults = {};
  const statuses: number[] = [];
  const outcomes: BusEvent[] = [];
  const gateway = await startGateway({
    port: 0,
    awsPort: 0,
    // So that a 504 is followed by a 201 soon.
    environment: { GRACE_ANSWERED_MS: '1000', DEPLOY_DELAY_MS: '1000' },
    sandbox: { faults: { create: (creation) => faults.create?.(creation), list: (listing) => faults.list?.(listing) } },
    onRequest: ({ reply: { status } }) => statuses.push(status),
    onOutcome: (event) => outcomes.push(event),
    onLog: () => {},
  });
  const here = (text: string) =>
    text.replaceAll('http://127.0.0.1:3000', gateway.url).replaceAll('http://127.0.0.1:3001', gateway.awsEndpoint);

  return {
    gateway,
    /** What the front has answered, the oldest first. */
    statuses,
    outcomes,
    /** What the snippets read from their environment. */
    env: {
      API_PATH: gateway.apiPath,
      ACCESS_TOKEN: gateway.accessToken,
      ENVIRONMENT_ID: endpoint.example.parameters.environmentID,
    },
    /** A text of a guide with the addresses of this gateway. */
    here,
    snippet: (name: string) => here(snippet(name)),
    /** Ids of the connector instances of this name. */
    made: (name: string) =>
      gateway.sandbox.resources(collectionOf(endpoint)).flatMap((made) => (made.name === name ? [made.id] : [])),
    /** Has PingOne fail so, while something is sent. */
    whilePingOneFails: async <Sent>(chosen: Faults, send: () => Promise<Sent>): Promise<Sent> => {
      faults = chosen;
      try {
        return await send();
      } finally {
        faults = {};
      }
    },
    close: gateway.close,
  };
};

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
