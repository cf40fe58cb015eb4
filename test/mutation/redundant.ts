import type { Mutant } from './mutants.ts';

/** Mutants that change nothing that could be noticed, each with the reason. */
const reasons: readonly {
  readonly file: string;
  readonly before: string;
  readonly after?: string;
  readonly why: string;
}[] = [
  { file: 'provision/match.ts', before: "resource.id ?? ''", after: 'resource.id', why: 'no id is undefined or empty' },
  { file: 'provision/match.ts', before: "createdAt ?? ''", after: 'createdAt', why: 'neither is a date' },
  {
    file: 'provision/provision.ts',
    before: 'error instanceof Problem',
    after: 'true',
    why: 'serve throws nothing else',
  },
  {
    file: 'provision/create.ts',
    before: 'deadline - now < timings.attempt || !sending',
    after: 'deadline - now < timings.attempt',
    why: 'a create that leaves is open',
  },
  {
    file: 'provision/resolve.ts',
    before: 'cause instanceof ListIncomplete',
    after: 'true',
    why: 'no other error asks for a wait',
  },
];

/** Why a mutant need not be killed; undefined where it must. */
export const redundant = ({ file, before, after }: Mutant): string | undefined =>
  reasons.find((reason) => file.endsWith(reason.file) && before === reason.before && (reason.after ?? after) === after)
    ?.why;
