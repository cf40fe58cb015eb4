import { decodeUtf8, isRecord, parseJson } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { mediaType } from '../loopback/media-type.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import { json, type Reply } from '../loopback/reply.ts';
import { type Collection, CreateRefused, store } from './collection.ts';
import { createFaults, type Fault } from './create-faults.ts';
import { meet } from './fault-kind.ts';
import { invalidData, malformed, unsupportedMediaType } from './refusal.ts';
import { createResource, type Resource } from './resource.ts';
import type { Substitution } from './substitution.ts';
import { validate } from './validation.ts';
import type { Waiting } from './waiting.ts';

/** A create before its validation. */
interface CreateArrival extends Substitution {
  readonly collection: Collection;
  readonly arrival: Arrival;
}

/** A valid create. */
export interface Creation extends CreateArrival {
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Called before and after the resource of a valid create is stored. Its answer, if any, replaces PingOne's, and may be
 * late.
 */
export type Intercept = (
  moment: 'before' | 'after',
  creation: Creation,
  resource?: Resource,
) => Promise<Reply | 'reset' | undefined>;

export interface CreationOptions {
  readonly waiting: Waiting;
  readonly intercept: Intercept;
  /** Chooses a fault for a valid create, if any. */
  readonly faultOf: (creation: Creation) => Fault | undefined;
  readonly uniqueNames: boolean;
  /** Milliseconds from a resource's creation to its first appearance in a list. */
  readonly listedAfterMs: (creation: Creation) => number;
}

/** Answers a create as PingOne does. */
export const create = async (arrived: CreateArrival, options: CreationOptions): Promise<Outgoing> => {
  const { endpoint, arrival } = arrived;
  if (mediaType(arrival.headers) !== 'application/json') return unsupportedMediaType();
  const body = parseJson(decodeUtf8(arrival.body));
  if (!isRecord(body)) return malformed();
  const details = validate(endpoint.body, body);
  if (details.length > 0) return invalidData(details);

  const creation = { ...arrived, body };
  const answer = (await options.intercept('before', creation)) ?? (await perform(creation, options));
  if (answer === 'hang') options.waiting.hang(arrival);
  return answer;
};

const perform = async (creation: Creation, options: CreationOptions): Promise<Outgoing> => {
  const { endpoint, collection, arrival, body } = creation;
  const { waiting, intercept, faultOf, uniqueNames, listedAfterMs } = options;
  let resource: Resource | undefined;
  const context = {
    now: waiting.now,
    wait: (milliseconds: number) => waiting.wait(arrival, milliseconds),
    store: () => {
      const at = waiting.now();
      const make = () => createResource(creation, body, new Date(at));
      const rules = { quota: endpoint.quota, uniqueNames, listedAfterMs: listedAfterMs(creation) };
      resource = store(collection, make, at, rules);
      return resource;
    },
  };

  const fault = faultOf(creation);
  try {
    const answer = fault ? await meet(createFaults, fault, context) : json(201, context.store());
    return (resource && (await intercept('after', creation, resource))) ?? answer;
  } catch (error) {
    if (error instanceof CreateRefused) return error.reply;
    throw error;
  }
};
