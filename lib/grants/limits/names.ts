import { type Limit, matchesPattern, pattern, some, type WrittenLimit } from './limit.ts';

const schema = () => some(pattern());

/** Names of resources, exact or ending in `*`. */
export const names: Limit<{ readonly names?: readonly string[] | undefined }> = {
  name: 'names',
  dimension: 'name',
  denial: 'the caller has no grant for this name',
  allows: (grant, value) => matchesPattern(grant.names, value),
};

export const writtenNames: WrittenLimit<ReturnType<typeof schema>> = {
  schema,
  everything: ['*'],
  flag: { name: 'name', type: 'string', argument: 'N', help: ['name of the resource'], value: ([given]) => given },
};
