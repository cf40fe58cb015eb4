import type { Line } from '../filter-pattern.ts';
import { type Door, linesOf, type Trouble } from './lines.ts';

/** A metric of AWS's own. */
export interface AwsMetric {
  readonly name: string;
  /** The resources that it is about, by their ids in the template. */
  readonly of: RegExp;
  readonly value: number;
  /** By how many minutes AWS begins to report it too late. */
  readonly late?: number;
}

/** An answer of the API, and that of a function, if one was asked. */
export interface ApiAnswer {
  readonly status: number;
  readonly functionStatus?: number;
}

/** What one minute of an incident brings. */
export interface Minute {
  readonly lines?: readonly Line[];
  readonly answers?: readonly ApiAnswer[];
  readonly metrics?: readonly AwsMetric[];
}

export interface Incident {
  /** As the runbook calls it. */
  readonly what: string;
  /** One of the ways in which it happens. */
  readonly how: string;
  /** Says what its minutes bring, from 0 on. */
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
