import type { BusEvent } from '../../../infra/local/aws/event-bridge/event.ts';
import { requestIDOf } from '../../../lib/provision/identity.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { CallerResults } from '../compare.ts';
import type { Intent } from '../intents.ts';

/** All arrivals, answers and outcomes. */
export const startRecords = (intents: readonly Intent[]) => {
  const results: CallerResults = new Map();
  /** Arrival id -> its intent; ids of HTTP invocations and of events. */
  const arrivals = new Map<string, Intent>();
  /** Request id -> the resources that answers, statuses and outcomes named for it. */
  const answers = new Map<string, Set<string>>();
  /** Arrival id -> its outcomes on the bus, each once: `Created` with the resource, `Rejected`. */
  const outcomes = new Map<string, Set<string>>();
  /** The arrivals that were answered 202. */
  const accepted = new Set<string>();
  /** Final answers that should not occur here, such as 410 and 422. */
  const unexpected: string[] = [];

  const add = (map: Map<string, Set<string>>, key: string, value: string): void => {
    map.set(key, (map.get(key) ?? new Set()).add(value));
  };

  return {
    results,
    arrivals,
    answers,
    outcomes,
    accepted,
    unexpected,

    invoked: (id: string, event: unknown): void => {
      const intent = intents[Number(valueAt(event, 'headers.x-intent') ?? Number.NaN)];
      if (intent) arrivals.set(id, intent);
    },

    resulted: (id: string, result: unknown): void => {
      const status = valueAt(result, 'statusCode');
      const body: unknown = JSON.parse(String(valueAt(result, 'body') ?? 'null'));
      if (status === 201)
        add(answers, String(valueAt(result, 'headers.provisioner-request')), String(valueAt(body, 'id')));
      if (status === 202) accepted.add(id);
      const resource = valueAt(body, 'resource.id');
      if ((status === 200 || status === 202) && resource !== undefined)
        add(answers, String(valueAt(body, 'id')), String(resource));
    },

    published: ({ 'detail-type': type, detail }: BusEvent): void => {
      const arrivalID = String(detail.id).replace(/ \w+$/, '');
      const resource = valueAt(detail, 'resource.id');
      add(
        outcomes,
        arrivalID,
        type.endsWith('Created') ? `Created ${resource}` : type.replace(/.*(?=Rejected|Un)/, ''),
      );
      if (resource !== undefined) add(answers, String(detail.requestID), String(resource));
    },

    /** The intent of each request that may be in the ledger, with the key that finds it. */
    requests: (): ReadonlyMap<string, { readonly intent: Intent; readonly key: string }> => {
      const idOf = ({ caller, endpoint }: Intent, key: string) =>
        requestIDOf(caller, endpoint, endpoint.example.parameters, key);
      const keyed = intents.flatMap((intent) => (intent.key === undefined ? [] : [{ intent, key: intent.key }]));
      const arrived = [...arrivals].map(([key, intent]) => ({ intent, key }));
      return new Map([...arrived, ...keyed].map((request) => [idOf(request.intent, request.key), request]));
    },
  };
};

export type Records = ReturnType<typeof startRecords>;
