import { type Limit, matchesPattern, pattern, some, type WrittenLimit } from './limit.ts';

const schema = () => some(pattern());

/** Ids of connectors, exact or ending in `*`. */
export const connectors: Limit<{ readonly connectors?: readonly string[] | undefined }> = {
  name: 'connectors',
  dimension: 'connector',
  denial: 'the caller has no grant for this connector',
  allows: (grant, value) => matchesPattern(grant.connectors, value),
};

export const writtenConnectors: WrittenLimit<ReturnType<typeof schema>> = {
  schema,
  everything: ['*'],
  flag: { name: 'connector', type: 'string', argument: 'ID', help: ['id of the connector'], value: ([given]) => given },
};
