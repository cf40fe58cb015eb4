import { isRecord } from '../loopback/json.ts';
import type { AwsCall } from './aws-call.ts';
import { plainItem } from './dynamodb-item.ts';
import { recordOf } from './ledger-record.ts';
import type { Facts, Sighting, State, Step } from './step.ts';

/** What a read or write of the ledger says of a request. */
export const ledgerSighting = (call: AwsCall): Sighting | undefined => {
  const { operation, input } = call;
  if (!isRecord(input)) return undefined;
  const { pk } = plainItem(input.Key);
  const [endpoint = '', kind, id = ''] = String(pk).split('#');
  const at: Place = { endpoint, id, call, values: plainItem(input.ExpressionAttributeValues) };
  if (operation === 'UpdateItem') return kind === 'request' ? ofRequest(at) : ofName(at, namesIn(input));
  return operation === 'GetItem' && kind === 'request' ? ofRead(at) : undefined;
};

interface Place {
  readonly endpoint: string;
  readonly id: string;
  readonly call: AwsCall;
  readonly values: Readonly<Record<string, unknown>>;
}

type Said = Pick<Step, 'text' | 'tone' | 'stage'> & { readonly state?: State };

/** What a write to a request's item means, by the state that it brings; a renewal brings none. */
const writes: Readonly<Record<string, { readonly done: Said; readonly refused: Said }>> = {
  sending: {
    done: {
      text: 'Checked and granted; this attempt owns the request',
      tone: 'plain',
      stage: 'granted',
      state: 'working',
    },
    refused: { text: 'Not this attempt’s to send: the request stands already', tone: 'open', stage: 'granted' },
  },
  accepted: {
    done: { text: 'Checked and granted; accepted for the queue', tone: 'plain', stage: 'granted', state: 'accepted' },
    refused: { text: 'Accepted before', tone: 'plain', stage: 'granted' },
  },
  renewed: {
    done: { text: 'Noted that a create leaves now', tone: 'plain', stage: 'sent' },
    refused: { text: 'Another attempt has taken over: nothing is sent', tone: 'open' },
  },
  created: {
    done: { text: 'Settled: created', tone: 'good', stage: 'settled', state: 'created' },
    refused: { text: 'The request has another resource already', tone: 'bad' },
  },
  rejected: {
    done: { text: 'Settled: nothing was created', tone: 'bad', stage: 'settled', state: 'rejected' },
    refused: { text: 'Not settled: another attempt has taken over', tone: 'open' },
  },
  unknown: {
    done: { text: 'Left open: whether it was created is not known yet', tone: 'open', state: 'unknown' },
    refused: { text: 'Not left open: another attempt has taken over', tone: 'open' },
  },
};

const ofRequest = ({ endpoint, id, call, values }: Place): Sighting | undefined => {
  const state = String(values[':state'] ?? (':lastSent' in values ? 'renewed' : ''));
  const meaning = writes[state];
  const item = isRecord(call.output) ? plainItem(call.output.Attributes) : {};
  const arrival = state === 'sending' || state === 'accepted' ? values[':arrivalID'] : undefined;
  const ids = [id, ...(typeof arrival === 'string' ? [arrival] : [])];
  const failure = failureOf(call);
  if (meaning === undefined || failure !== undefined) return { ids, step: failure ?? written };
  const { state: known, ...said } = call.ok ? meaning.done : meaning.refused;
  const facts: Facts = {
    requestID: id,
    endpoint,
    ...(known && { state: known }),
    ...(call.ok && { record: recordOf(item), resource: textOf(item.resource) }),
  };
  return { ids, opens: true, step: { part: 'ledger', ...said, facts } };
};

const ofRead = ({ endpoint, id, call }: Place): Sighting | undefined => {
  const item = isRecord(call.output) && call.output.Item !== undefined ? plainItem(call.output.Item) : undefined;
  if (item === undefined) return undefined;
  const facts = { requestID: id, endpoint, record: recordOf(item), resource: textOf(item.resource) };
  return { ids: [id], step: { part: 'ledger', text: `Read: the request is ${item.state}`, tone: 'plain', facts } };
};

/** A name has one open request at a time. */
const ofName = ({ call, values }: Place, names: readonly string[]): Sighting | undefined => {
  const taken = names.find((name) => name.startsWith('taken '))?.slice('taken '.length);
  // A request's id, and for one without a key when it was settled.
  const id = textOf(values[':holder']) ?? textOf(values[':taken'])?.split(' ')[0];
  if (id === undefined) return undefined;
  const failure = failureOf(call);
  if (failure !== undefined) return { ids: [id], step: failure };
  if (taken === undefined) return { ids: [id], step: call.ok ? hasTurn : hasNoTurn };
  if (!call.ok) return undefined;
  const text = `The resource ${taken} is this request’s`;
  return { ids: [id], step: { part: 'ledger', text, tone: 'plain', facts: { resource: taken } } };
};

const written: Sighting['step'] = { part: 'ledger', text: 'Written', tone: 'plain' };

const hasTurn: Sighting['step'] = {
  part: 'ledger',
  text: 'It is its name’s turn: no other create of it is open',
  tone: 'plain',
};

const hasNoTurn: Sighting['step'] = { part: 'ledger', text: 'Another request for this name is open', tone: 'open' };

/** A condition that doesn't hold is an answer; anything else is a failure. */
const failureOf = ({ ok, output }: AwsCall): Sighting['step'] | undefined => {
  const type = isRecord(output) ? String(output.__type).split('#').at(-1) : 'no answer';
  if (ok || type === 'ConditionalCheckFailedException') return undefined;
  return { part: 'ledger', text: `The ledger fails: ${type}`, tone: 'bad' };
};

const namesIn = (input: Readonly<Record<string, unknown>>): string[] =>
  isRecord(input.ExpressionAttributeNames) ? Object.values(input.ExpressionAttributeNames).map(String) : [];

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
