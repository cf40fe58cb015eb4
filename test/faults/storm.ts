import { throttled } from '../../infra/local/aws/service.ts';
import { createFaults, drawFault, type FaultKind } from '../../infra/local/sandbox/create-faults.ts';
import { drawListFault, type ListFaultKind, listFaults } from '../../infra/local/sandbox/list-faults.ts';
import { type Step, type System, type SystemOptions, seededRandom } from '../provision/system.ts';
import { type Chance, pick } from './chance.ts';

/** How often each thing goes wrong, from 0 to 1. */
const rates = { create: 0.5, list: 0.3, throttle: 0.03, lostAnswer: 0.03, killed: 0.015, revoked: 0.02, rotated: 0.01 };

const keysOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(table).filter((name): name is Name => name in table);

const createKinds: readonly FaultKind[] = keysOf(createFaults);
const listKinds: readonly ListFaultKind[] = keysOf(listFaults);

export interface StormOptions {
  /** Adds to how long a list stays behind, in milliseconds. */
  readonly extraLagMs?: number;
}

/** Everything that can go wrong, at random but the same on every run with a seed, until it is over. */
export const storm = (chance: Chance, { extraLagMs = 0 }: StormOptions = {}) => {
  const counts = new Map<string, number>();
  const seen = new Map<string, number>();
  const senders = new Map<string, string>();
  let blowing = true;

  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  /** Tells apart what comes several times. */
  const nth = (name: string) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times;
  };
  const strikes = (kind: keyof typeof rates, ...name: readonly unknown[]) =>
    blowing && chance(kind, ...name) < rates[kind];
  const randomFor = (...name: readonly unknown[]) => seededRandom(Math.floor(chance(...name) * 2 ** 32));

  let system: System | undefined;
  const options: SystemOptions = {
    sandbox: {
      intercept: async (moment, { arrival }, resource) => {
        if (moment === 'after' && resource) senders.set(resource.id, String(arrival.headers['x-arrival']));
        return undefined;
      },
      faults: {
        create: ({ arrival }) => {
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
          const kind = pick(createKinds, chance('kind', ...name));
          count(kind);
          return drawFault(kind, randomFor('draw', ...name));
        },
        list: ({ arrival }) => {
          const id = String(arrival.headers['x-arrival']);
          const name = [id, nth(`list ${id}`)];
          if (extraLagMs > 0) return { kind: 'listLags', lagMs: extraLagMs };
          if (!strikes('list', ...name)) return undefined;
          const kind = pick(listKinds, chance('kind', ...name));
          count(kind);
          return drawListFault(kind, randomFor('draw list', ...name));
        },
      },
    },
    intercept: async (moment, { service, operation, input }) => {
      if (!isStruck(service, operation, input)) return undefined;
      const call = `${operation} ${JSON.stringify(input).replace(/[\da-f]{8}-[\da-f-]{27}/g, '')}`;
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
    /** The system that tokens are revoked in. */
    over: (running: System) => {
      system = running;
    },
    dies: (arrivalID: string) => (step: Step) => {
      const fatal = strikes('killed', arrivalID, step, nth(`${arrivalID} ${step}`));
      if (fatal) count('function killed');
      return fatal;
    },
    end: () => {
      blowing = false;
    },
  };
};

export type Storm = ReturnType<typeof storm>;

/** What functions call, not what brings requests to them. */
const isStruck = (service: string, operation: string, input: unknown): boolean => {
  if (service.startsWith('DynamoDB')) return operation !== 'Scan';
  if (service === 'AWSEvents') return JSON.stringify(input).includes('"pingone.provisioner"');
  return (
    service === 'AmazonSQS' &&
    (operation === 'ChangeMessageVisibility' || JSON.stringify(input).includes('OriginalMessageId'))
  );
};
