import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { eventSources } from '../../../lib/contract.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { AwsRequest } from '../aws/aws.ts';
import { putEvents } from '../aws/event-bridge/requests.ts';
import { membersOf, parseJson, textOf } from '../loopback/json.ts';
import type { Reply } from '../loopback/reply.ts';
import type { Enforcement, Observation, PublishedOutcome } from './observation.ts';

/** The ledger writes, events and outcomes in a call to AWS. `queueOf` finds the queue of an event's message. */
export const observedInAws = (
  { operation, input }: AwsRequest,
  reply: Reply | 'reset',
  queueOf: (eventID: string) => string | undefined,
  enforcementOf: EnforcementOf,
): readonly Observation[] => {
  if (reply === 'reset' || reply.status !== 200) return [];
  const output = () => parseJson(reply.body?.toString());
  if (operation === 'UpdateItem') return ledgerWrites(input, output(), enforcementOf);
  return operation === 'PutEvents' ? puts(input, output(), queueOf) : [];
};

/** What a service of this path has configured, and what PingOne enforces; undefined without a sandbox. */
export type EnforcementOf = (service: string) => Enforcement | undefined;

/** The item of a request or of a deployment that an update answers with. */
const ledgerWrites = (input: unknown, output: unknown, enforcementOf: EnforcementOf): readonly Observation[] => {
  const [endpoint = '', kind, request = ''] = String(valueAt(input, 'Key.pk.S')).split('#');
  if (kind !== 'request' && kind !== 'deployment') return [];
  const item = unmarshall(Object(valueAt(output, 'Attributes')));
  if (kind === 'request') return [{ type: 'recorded', endpoint, request, item }];
  return [{ type: 'deployment', endpoint, service: request, item, enforcement: enforcementOf(request) }];
};

const putResults = z.object({
  Entries: z.array(
    z.object({
      EventId: z.optional(z.string()),
      ErrorCode: z.optional(z.string()),
      ErrorMessage: z.optional(z.string()),
    }),
  ),
});

const puts = (
  input: unknown,
  output: unknown,
  queueOf: (eventID: string) => string | undefined,
): readonly Observation[] => {
  const results = putResults.safeParse(output).data?.Entries ?? [];
  const entries = putEvents.safeParse(input).data?.Entries ?? [];
  return entries.map(({ Source, DetailType, Detail = '', EventBusName }, index) => {
    const outcome = Source === eventSources.outcome ? outcomeIn(String(DetailType), Detail) : undefined;
    if (outcome && isDeployment(outcome))
      return { type: 'step', causes: [outcome.arrival], step: deploymentStep(outcome) };
    if (outcome) return { type: 'published', outcome };
    const { EventId: id = crypto.randomUUID(), ErrorCode, ErrorMessage } = results[index] ?? {};
    const event = {
      id,
      bus: EventBusName.split('/').at(-1) ?? '',
      source: String(Source),
      type: String(DetailType),
      detail: Detail,
      queue: queueOf(id),
      error: ErrorCode === undefined ? undefined : `${ErrorCode}: ${ErrorMessage}`,
    };
    return { type: 'put', event };
  });
};

const isDeployment = ({ type }: PublishedOutcome): boolean => /Deploy(?:ed|mentFailed)$/.test(type);

const deploymentStep = ({ type, code }: PublishedOutcome) =>
  ({
    part: 'bus',
    text: code === undefined ? `${type} published` : `${type} published, ${code}`,
    tone: code === undefined ? 'good' : 'bad',
  }) as const;

const outcomeIn = (type: string, detail: string): PublishedOutcome | undefined => {
  const { id, how, status, code } = membersOf(parseJson(detail));
  const [arrival = '', kind] = String(id).split(' ');
  if (kind === undefined) return undefined;
  return { arrival, type, how: textOf(how), status: Number(status), code: textOf(code), detail };
};
