import { throttled } from '../../infra/local/aws/service.ts';
import { createFaults, type Fault } from '../../infra/local/sandbox/create-faults.ts';
import type { Creation } from '../../infra/local/sandbox/creation.ts';
import { draw } from '../../infra/local/sandbox/fault-kind.ts';
import { createKinds, listKinds } from '../../infra/local/sandbox/fault-profile.ts';
import { listFaults } from '../../infra/local/sandbox/list-faults.ts';
import { seededRandom } from '../../infra/local/sandbox/random.ts';
import { defaultTimings, type Timings } from '../../lib/provision/timings.ts';
import type { Step, System, SystemOptions } from '../harness/system.ts';
import { type Chance, pick } from './chance.ts';

/** The rate of each fault, from 0 to 1. */
const rates = { create: 0.5, list: 0.3, throttle: 0.03, lostAnswer: 0.03, killed: 0.015, revoked: 0.02, rotated: 0.01 };

export interface StormOptions {
  /** Lag of lists for a resource whose create met this fault, in milliseconds; `chance` is from 0 to 1. */
  readonly listedAfterMs?: (fault: Fault | undefined, chance: number) => number;
  /** The only fault that creates meet; by default all kinds. */
  readonly only?: Fault;
  readonly timings?: Partial<Timings>;
  /** Whether DynamoDB is dynalite, and AWS is called as deployed functions call it. */
  readonly dynalite?: boolean | undefined;
}

/** The longest lag of a list at which a lost create is still found (PROTOCOL.md), in milliseconds. */
export const promisedLagMs = (fault: Fault | undefined): number => {
  const { attempt, graceAnswered, graceLost } = defaultTimings;
  if (fault && 'status' in fault && (fault.status === 500 || fault.status === 503)) return graceAnswered;
  // A resource created after the gateway's time-out has less time left.
  return graceLost - (fault?.kind === 'createLate' ? Math.max(0, fault.afterMs - attempt) : 0);
};

/** Any lag of the promised range. */
const anyPromisedLag = (fault: Fault | undefined, chance: number): number => promisedLagMs(fault) * chance;

/** All faults at random, until `end`; the same seed gives the same faults. */
export const storm = (
  chance: Chance,
  { listedAfterMs = anyPromisedLag, only, timings = {}, dynalite = false }: StormOptions = {},
) => {
  const met = new WeakMap<Creation, Fault>();
  const counts = new Map<string, number>();
  const seen = new Map<string, number>();
  const senders = new Map<string, string>();
  let isActive = true;

  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  /** The number of a repeated name: 1, 2, and so on. */
  const nth = (name: string) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times;
  };
  const strikes = (kind: keyof typeof rates, ...name: readonly unknown[]) =>
    isActive && chance(kind, ...name) < rates[kind];
  const randomFor = (...name: readonly unknown[]) => seededRandom(Math.floor(chance(...name) * 2 ** 32));

  let system: System | undefined;
  const options: SystemOptions = {
    timings,
    dynalite,
    sandbox: {
      listedAfterMs: (creation) =>
        isActive ? listedAfterMs(met.get(creation), chance('lag', creation.arrival.headers['x-exchange'])) : 0,
      intercept: async (moment, { arrival }, resource) => {
        if (moment === 'after' && resource) senders.set(resource.id, String(arrival.headers['x-arrival']));
        return undefined;
      },
      faults: {
        create: (creation) => {
          const { arrival } = creation;
          const id = String(arrival.headers['x-arrival']);
          const name = [id, nth(`create ${id}`)];
          if (strikes('revoked', ...name)) {
            count('token revoked');
            system?.sandbox.application.revokeTokens();
          }
          if (strikes('rotated', ...name)) {
            count('secret rotated');
            system?.sandbox.application.rotateSecret();
            system?.sandbox.application.revokeTokens();
            system?.publishSecret();
          }
          if (!strikes('create', ...name)) return undefined;
          const kind = only?.kind ?? pick(createKinds, chance('kind', ...name));
          count(kind);
          const fault = only ?? draw(createFaults, kind, randomFor('draw', ...name));
          met.set(creation, fault);
          return fault;
        },
        list: ({ arrival }) => {
          const id = String(arrival.headers['x-arrival']);
          const name = [id, nth(`list ${id}`)];
          if (!strikes('list', ...name)) return undefined;
          const kind = pick(listKinds, chance('kind', ...name));
          count(kind);
          return draw(listFaults, kind, randomFor('draw list', ...name));
        },
      },
    },
    intercept: async (moment, { service, operation, input }) => {
      if (!isStruck(service, operation, input)) return undefined;
      const call = `${operation} ${nameOf(input)}`;
      const name = [call, nth(`${moment} ${call}`)];
      if (moment === 'before' && strikes('throttle', ...name)) {
        count(`${service.split('_')[0]} throttled`);
        return throttled();
      }
      if (moment === 'after' && operation !== 'GetItem' && strikes('lostAnswer', ...name)) {
        count(`${service.split('_')[0]}'s answer lost`);
        return 'reset';
      }
      return undefined;
    },
  };

  return {
    options,
    counts,
    /** Resource id -> the id of the arrival that made PingOne create it. */
    senders,
    /** Sets the system whose tokens and secret the storm revokes. */
    attachTo: (running: System) => {
      system = running;
    },
    dies: (arrivalID: string) => (step: Step) => {
      const fatal = strikes('killed', arrivalID, step, nth(`${arrivalID} ${step}`));
      if (fatal) count('function killed');
      return fatal;
    },
    end: () => {
      isActive = false;
    },
  };
};

export type Storm = ReturnType<typeof storm>;

/** A name for a call that is the same in each run: its item, or its input without UUIDs. */
const nameOf = (input: unknown): string => {
  const { Key } = Object(input);
  return Key ? Key.pk.S : JSON.stringify(input).replace(/\b[\da-f]{8}-[\da-f-]{27}/g, '');
};

/** Whether the call is a function's own, not one that delivers requests to it. */
const isStruck = (service: string, operation: string, input: unknown): boolean => {
  if (service.startsWith('DynamoDB')) return operation !== 'Scan';
  if (service === 'AWSEvents') return JSON.stringify(input).includes('"pingone.provisioner"');
  return (
    service === 'AmazonSQS' &&
    (operation === 'ChangeMessageVisibility' || JSON.stringify(input).includes('OriginalMessageId'))
  );
};
