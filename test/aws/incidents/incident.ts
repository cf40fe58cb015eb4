import type { Line } from '../filter-pattern.ts';
import { type Door, linesOf, type Trouble } from './lines.ts';

/** A metric of AWS's own. */
export interface AwsMetric {
  readonly name: string;
  /** Its resources, by their ids in the template. */
  readonly of: RegExp;
  readonly value: number;
  /** The delay of AWS's first report, in minutes. */
  readonly late?: number;
}

/** An answer of the API, and of its function, if one was invoked. */
export interface ApiAnswer {
  readonly status: number;
  readonly functionStatus?: number;
}

/** The data of one minute of an incident. */
export interface Minute {
  readonly lines?: readonly Line[];
  readonly answers?: readonly ApiAnswer[];
  readonly metrics?: readonly AwsMetric[];
}

export interface Incident {
  /** Its name in the runbook. */
  readonly what: string;
  /** One cause of the incident. */
  readonly how: string;
  /** Returns the data of its minutes, from 0 on. */
  readonly begin: () => Promise<(minute: number) => Minute>;
}

/** The same every minute. */
export const always =
  (minute: Minute): Incident['begin'] =>
  async () =>
  () =>
    minute;

/** One request a minute. */
export const requests =
  (door: Door, trouble?: Trouble): Incident['begin'] =>
  async () => {
    const lines = await linesOf(door, trouble);
    return () => ({ lines });
  };

/** The incident at each of the doors that creates go through. */
export const atBothDoors = (what: string, how: string, trouble: Trouble): Incident[] =>
  (['http', 'queue'] as const).map((door) => ({ what, how: `${how}, ${door}`, begin: requests(door, trouble) }));
