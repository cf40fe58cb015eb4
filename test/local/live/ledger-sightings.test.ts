import { describe, expect, it } from 'vitest';
import { ledgerSighting } from '../../../infra/local/live/ledger-sightings.ts';
import { callOf } from './sightings.ts';

const pk = { S: 'create-connector-instance#request#r1' };
const item = {
  state: { S: 'unknown' },
  caller: { S: 'local' },
  fingerprint: { S: 'hash-of-a-body' },
  owner: { S: 'owner-token' },
  key: { S: 'own-key' },
  lastSent: { N: '5' },
  expires: { N: '7' },
  codes: { L: [{ S: 'A' }] },
};

const update = (values: object, rest = {}) =>
  ledgerSighting(callOf('DynamoDB_20120810', 'UpdateItem', { Key: { pk }, ExpressionAttributeValues: values }, rest));

const refused = { ok: false, output: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' } };

describe('what a write to the ledger says of a request', () => {
  it.each([
    ['sending', 'granted', 'working', 'this attempt owns'],
    ['accepted', 'granted', 'accepted', 'accepted for the queue'],
    ['created', 'settled', 'created', 'Settled: created'],
    ['rejected', 'settled', 'rejected', 'nothing was created'],
    ['unknown', undefined, 'unknown', 'not known yet'],
  ])('is, of %s, the stage %s and the state %s', (written, stage, state, text) => {
    const { step } = Object(update({ ':state': { S: written } }));
    expect(step).toMatchObject({ part: 'ledger', facts: { requestID: 'r1', state } });
    expect(step.stage).toBe(stage);
    expect(step.text).toContain(text);
  });

  it('is that a create leaves, where the send is noted', () => {
    expect(update({ ':lastSent': { N: '5' } })).toMatchObject({
      step: { stage: 'sent', text: expect.stringContaining('leaves now') },
    });
  });

  it('joins the arrival to the request', () => {
    expect(update({ ':state': { S: 'sending' }, ':arrivalID': { S: 'a1' } })?.ids).toEqual(['r1', 'a1']);
    expect(update({ ':state': { S: 'created' }, ':arrivalID': { S: 'a1' } })?.ids).toEqual(['r1']);
  });

  it('is no state where the condition did not hold, and a failure where the ledger fails', () => {
    expect(update({ ':state': { S: 'sending' } }, refused)?.step).toMatchObject({
      tone: 'open',
      facts: { requestID: 'r1' },
    });
    expect(update({ ':state': { S: 'sending' } }, refused)?.step.facts).not.toHaveProperty('state');
    const throttled = { ok: false, output: { __type: 'x#ProvisionedThroughputExceededException' } };
    expect(update({ ':state': { S: 'sending' } }, throttled)?.step).toEqual({
      part: 'ledger',
      text: 'The ledger fails: ProvisionedThroughputExceededException',
      tone: 'bad',
    });
  });

  it('has the record without hashes, keys and owners', () => {
    const { step } = Object(update({ ':state': { S: 'unknown' } }, { output: { Attributes: item } }));
    expect(step.facts.record).toEqual({ state: 'unknown', caller: 'local', codes: ['A'], lastSent: 5, expires: 7000 });
  });
});

describe('what a name says of a request', () => {
  const ofName = (input: object, rest = {}) =>
    ledgerSighting(
      callOf(
        'DynamoDB_20120810',
        'UpdateItem',
        { Key: { pk: { S: 'create-connector-instance#name#n1' } }, ...input },
        rest,
      ),
    );

  it('is whose turn it is, and what it made', () => {
    const holding = { ExpressionAttributeValues: { ':holder': { S: 'r1' } } };
    expect(ofName(holding)).toMatchObject({ ids: ['r1'], step: { text: expect.stringContaining('turn') } });
    expect(ofName(holding, refused)).toMatchObject({ ids: ['r1'], step: { tone: 'open' } });
    const taking = {
      ExpressionAttributeNames: { '#taken': 'taken c1' },
      ExpressionAttributeValues: { ':taken': { S: 'r1 1767225600000' } },
    };
    expect(ofName(taking)).toMatchObject({
      ids: ['r1'],
      step: { text: 'The resource c1 is this request’s', facts: { resource: 'c1' } },
    });
  });
});
