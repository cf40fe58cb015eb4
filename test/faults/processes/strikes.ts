import type { Environment } from './environment.ts';
import type { Journal } from './journal.ts';
import type { Strike, Weather } from './weather.ts';

/** One invocation under way. */
interface Flight {
  readonly environment: Environment;
  readonly strike: Strike | undefined;
  /** How many of its calls have come, or been answered. */
  steps: number;
}

/** Kills and freezes processes while their invocations are under way, by the fault plan. */
export const startStrikes = ({ strike }: Pick<Weather, 'strike'>, { note }: Journal) => {
  const flights = new Map<string, Flight>();
  let invocations = 0;
  let kills = 0;
  let freezes = 0;

  const hit = (id: string, { environment, strike: drawn }: Flight): void => {
    if (!drawn || !flights.has(id) || !environment.isAlive) return;
    if (drawn.freezeMs === undefined) {
      kills++;
      note(id, `killed ${environment.pid}`);
      environment.kill();
      return;
    }
    environment.freeze();
    thawAfter(id, environment, drawn.freezeMs);
  };

  const thawAfter = (id: string, environment: Environment, freezeMs: number): void => {
    freezes++;
    const frozenAt = performance.now();
    note(id, `frozen ${environment.pid}`);
    setTimeout(() => {
      if (!flights.has(id)) return;
      environment.thaw();
      note(id, `goes on after ${Math.round(performance.now() - frozenAt)} ms`);
    }, freezeMs);
  };

  return {
    /** Returns whether the process stops itself before its first create. */
    begin: (id: string, environment: Environment): boolean => {
      const flight = { environment, strike: strike(invocations++), steps: 0 };
      flights.set(id, flight);
      const at = flight.strike?.at;
      if (typeof at === 'object' && 'ms' in at) setTimeout(() => hit(id, flight), at.ms);
      return at === 'send';
    },
    /** A call of an invocation has come, or will be answered now. */
    step: (id: string | undefined): void => {
      const flight = flights.get(id ?? '');
      if (!flight || id === undefined) return;
      flight.steps++;
      const at = flight.strike?.at;
      if (typeof at === 'object' && 'step' in at && at.step === flight.steps) hit(id, flight);
    },
    /** A process has stopped itself. */
    stopped: (environment: Environment): void => {
      for (const [id, flight] of flights) {
        if (flight.environment === environment) thawAfter(id, environment, flight.strike?.freezeMs ?? 0);
      }
    },
    /** How far the clock of an invocation's process is ahead, in milliseconds. */
    offsetMs: (id: string | undefined): number => flights.get(id ?? '')?.environment.offsetMs ?? 0,
    end: (id: string): void => {
      flights.delete(id);
    },
    counts: () => ({ kills, freezes }),
  };
};

export type Strikes = ReturnType<typeof startStrikes>;
