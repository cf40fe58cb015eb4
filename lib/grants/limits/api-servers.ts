import * as z from 'zod/mini';
import { coversID, id, idOrAll, type Limit, some, type WrittenLimit } from './limit.ts';

const schema = () => some(idOrAll());

/** Ids of API servers, or `*`. */
export const apiServers: Limit<{ readonly apiServers?: readonly string[] | undefined }> = {
  name: 'apiServers',
  dimension: 'apiServer',
  denial: 'the caller has no grant for this API server',
  allows: (grant, value) => coversID(grant.apiServers, value),
};

export const writtenApiServers: WrittenLimit<ReturnType<typeof schema>> = {
  schema,
  everything: ['*'],
  flag: {
    name: 'api-server',
    type: 'string',
    argument: 'ID',
    help: ['id of the API server'],
    value: ([given]) => z.parse(id(), given),
  },
};
