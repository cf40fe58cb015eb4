import { endpoints } from '../../../lib/endpoints/index.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import type { AwsCall } from './aws-call.ts';
import type { Sighting } from './step.ts';

/** An event on the bus, for the list of them: what it asks for or tells, without its body. */
export interface BusLine {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly direction: 'in' | 'out';
  /** Of an outcome: the resource, or status and code. */
  readonly tells: string;
}

export interface BusSighting extends Sighting {
  readonly line: BusLine;
}

const outcomeSource = 'pingone.provisioner';

/** What a call of PutEvents says of the requests and outcomes in it. */
export const busSightings = ({ operation, input, output }: AwsCall): readonly BusSighting[] => {
  const entries = operation === 'PutEvents' && isRecord(input) && Array.isArray(input.Entries) ? input.Entries : [];
  const results = isRecord(output) && Array.isArray(output.Entries) ? output.Entries : [];
  return entries.flatMap((entry: unknown, index) => {
    const result: unknown = results[index];
    if (!isRecord(entry) || !isRecord(result) || typeof result.EventId !== 'string') return [];
    const { Source: source, DetailType: type, Detail: detail } = entry;
    const event = { id: result.EventId, type: String(type), source: String(source) };
    return [source === outcomeSource ? outcome(event, parseJson(String(detail))) : request(event)];
  });
};

type Event = Pick<BusLine, 'id' | 'type' | 'source'>;

const request = (event: Event): BusSighting => {
  const endpoint = endpoints.find((each) => each.event === event.type);
  const text = endpoint ? `Brings ${event.type} from ${event.source}` : `Brings ${event.type}, which no rule takes`;
  return {
    ids: [event.id],
    opens: true,
    line: { ...event, direction: 'in', tells: endpoint ? '' : 'no rule takes it' },
    step: {
      part: 'bus',
      text,
      tone: endpoint ? 'plain' : 'bad',
      stage: 'received',
      leadsToDelivery: true,
      facts: { endpoint: endpoint?.name, door: 'event bus' },
    },
  };
};

const outcome = (event: Event, detail: unknown): BusSighting => {
  const { requestID, sourceEventID, resource, how, status, code } = isRecord(detail) ? detail : {};
  const made = isRecord(resource) ? `${how}, resource ${resource.id}` : `${status} ${code}`;
  return {
    ids: [requestID, sourceEventID].filter((id) => typeof id === 'string'),
    line: { ...event, direction: 'out', tells: made },
    step: {
      part: 'bus',
      text: `Tells ${event.type}`,
      tone: isRecord(resource) ? 'good' : 'bad',
      facts: stateOf(how) ? { state: stateOf(how) } : {},
    },
  };
};

const stateOf = (how: unknown) => (['created', 'adopted', 'replayed'] as const).find((state) => state === how);
