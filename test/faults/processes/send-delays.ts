import type { AwsRequest } from '../../../infra/local/aws/aws.ts';
import { invocationOf } from '../../../infra/local/loopback/invocation-header.ts';
import type { Arrival } from '../../../infra/local/loopback/loopback.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { Strikes } from './strikes.ts';
import { freezeBoundMs, timings } from './times.ts';

/** What a machine that is busy may add, in milliseconds. */
const busyMs = 500;

/** How long after its record in the ledger each create came to PingOne: what the bound on freezes is about. */
export const measureSendDelays = ({ offsetMs }: Strikes) => {
  /** By invocation and arrival: the key of the request's item. */
  const keys = new Map<string, string>();
  /** By invocation and key: when the last send was recorded. */
  const records = new Map<string, number>();
  const delays: number[] = [];

  return {
    recorded: ({ input }: AwsRequest, invocation: string | undefined): void => {
      const key = String(valueAt(input, 'Key.pk.S'));
      const values = valueAt(input, 'ExpressionAttributeValues');
      const arrivalID = valueAt(values, ':arrivalID.S');
      const lastSent = valueAt(values, ':lastSent.N');
      if (arrivalID !== undefined) keys.set(`${invocation} ${arrivalID}`, key);
      if (lastSent !== undefined) records.set(`${invocation} ${key}`, Number(lastSent) - offsetMs(invocation));
    },
    sent: (arrival: Arrival): void => {
      const invocation = invocationOf(arrival);
      const key = keys.get(`${invocation} ${arrival.headers['x-ping-external-transaction-id']}`);
      const recordedAt = records.get(`${invocation} ${key}`);
      if (recordedAt !== undefined) delays.push(Date.now() - recordedAt);
    },
    longestMs: () => Math.max(0, ...delays),
    /** How many were later than the bound allows, since this machine was too busy. */
    late: () => delays.filter((ms) => ms > timings.renewal + freezeBoundMs + busyMs).length,
  };
};

export type SendDelays = ReturnType<typeof measureSendDelays>;
