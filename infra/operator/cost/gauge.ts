import * as z from 'zod/mini';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { prices } from './prices.ts';
import type { Resources } from './template.ts';

const hoursPerMonth = 730;
/** DynamoDB reads so many bytes for one read unit, and an eventually consistent scan takes half. */
const bytesPerRead = 4096;

/** What counting open requests costs in a month, for each million creates that the ledger remembers, in USD. */
export const gaugePerMillion = ({ ofType }: Resources): number => {
  const rules = ofType('AWS::Events::Rule', z.object({ ScheduleExpression: z.optional(z.string()) }));
  const [, hours] = /rate\((\d+) hours?\)/.exec(rules.map((rule) => rule.ScheduleExpression).join()) ?? [];
  const runs = hours === undefined ? 0 : hoursPerMonth / Number(hours);
  const reads = (1e6 * itemBytes()) / bytesPerRead / 2;
  return (runs * reads * prices.perMillion.dynamoReads) / 1e6;
};

/** Of one create: its request item and its name item. DynamoDB counts names and values, and 3 bytes or so each. */
const itemBytes = (): number => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const [hash, uuid, time] = ['0'.repeat(64), '0'.repeat(36), '1234567890'];
  const request = {
    pk: `${endpoint.name}#request#${hash}`,
    state: 'created',
    caller: 'platform',
    fingerprint: hash,
    name: hash,
    parameters: JSON.stringify(endpoint.example.parameters),
    arrivalID: uuid,
    owner: uuid,
    resource: uuid,
    createdAt: time,
    updatedAt: time,
    expires: time,
  };
  const name = { pk: `${endpoint.name}#name#${hash}`, [`taken ${uuid}`]: hash };
  return [request, name]
    .flatMap(Object.entries)
    .reduce((bytes, [member, value]) => bytes + member.length + String(value).length + 3, 0);
};
