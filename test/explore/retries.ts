import type { Scenario } from './scenario.ts';
import { isRunning, type State } from './state.ts';

/** The places of the senders that have to begin a further attempt, each once it is due. */
export const retrying = (state: State, retries: Scenario['retries']): readonly number[] => {
  const { senders, attempts } = state;
  if (retries === 'inTurn' && (senders.some(({ tries }) => tries === 0) || attempts.some(isRunning))) return [];
  const places = senders.flatMap(({ tries, isDone }, place) => {
    const mayBegin = tries > 0 && !isDone && !attempts.some((one) => one.sender === place && isRunning(one));
    return mayBegin ? place : [];
  });
  if (retries === 'atOnce') return places;
  const dueOf = (place: number) => senders[place]?.due ?? 0;
  return places.sort((one, other) => dueOf(one) - dueOf(other)).slice(0, 1);
};

/** When something happens next by itself; `retrying` are the places of senders that wait to begin again. */
export const nextTime = (
  { now, attempts, senders }: State,
  retrying: readonly number[],
  leases: () => readonly number[],
): number | undefined => {
  const times = [
    ...attempts.flatMap(({ moment, held }) => [
      ...moment.waiting.map(({ call }) => (call.kind === 'timer' ? call.at : 0)),
      ...held.map(({ at }) => at ?? 0),
    ]),
    ...retrying.map((place) => senders[place]?.due ?? 0),
    // A first attempt may begin when the lease of another is over.
    ...(senders.some(({ tries }) => tries === 0) ? leases() : []),
  ];
  const later = times.filter((time) => time > now);
  return later.length > 0 ? Math.min(...later) : undefined;
};
