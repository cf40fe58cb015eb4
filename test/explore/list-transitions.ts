import type { Answer } from './program.ts';
import type { Resource, State } from './state.ts';
import { fails, fault, type Transition, usual } from './transition.ts';

/**
 * How a list may go: with and without each resource that it may still lack. One that is recorded is never looked for, so
 * that lists with and without it are the same.
 */
export const listTransitions = (
  state: State,
  isRecorded: (id: string) => boolean,
  answerWith: (resources: readonly Resource[]) => Answer,
): readonly Transition[] => {
  const mayLack = state.resources.filter(
    ({ id, isShown, listedBy }) => !isShown && state.now < listedBy && !isRecorded(id),
  );
  const listed = (now: State, lacking: readonly Resource[]) => {
    // What a list has shown no later one lacks.
    const resources = now.resources.map((resource) =>
      lacking.some(({ id }) => id === resource.id) ? resource : { ...resource, isShown: true },
    );
    return { state: { ...now, resources }, answer: answerWith(resources.filter(({ isShown }) => isShown)) };
  };
  return subsets(mayLack).flatMap((lacking) => {
    const label = lacking.length === 0 ? '' : `without ${lacking.map(({ id }) => id).join()}`;
    return [
      usual(label, (now) => {
        const { state: after, answer } = listed(now, lacking);
        return { state: after, fate: { answer } };
      }),
      fault(`${label && `${label}, `}its answer comes late`, (now) => {
        const { state: after, answer } = listed(now, lacking);
        return { state: after, fate: { held: { answer } } };
      }),
      ...(label ? [] : [fails('fails', 'lost')]),
    ];
  });
};

const subsets = <Item>([first, ...others]: readonly Item[]): Item[][] => {
  if (first === undefined) return [[]];
  const without = subsets(others);
  return [...without, ...without.map((some) => [first, ...some])];
};
