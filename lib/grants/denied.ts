import { Problem } from '../problems.ts';
import type { Denied } from './decide.ts';

/** What a denial answers (403): which dimension failed, nothing of other callers. */
export const denied = ({ dimension, unestablished }: Denied): Problem => {
  const message = unestablished === undefined ? words[dimension] : `${words[dimension]}: ${unestablished}`;
  const violation = { code: 'INSUFFICIENT_PERMISSIONS', message, innerError: { dimension } };
  return new Problem('ACCESS_FAILED', `Denied by the dimension ${dimension}: ${message}.`, { violations: [violation] });
};

const words: Readonly<Record<Denied['dimension'], string>> = {
  principal: 'no caller has this principal',
  endpoint: 'the caller has no grant for this endpoint',
  environment: 'the caller has no grant for this endpoint in this environment',
  production: 'the environment is production, and the caller has no grant for production',
  apiServer: 'the caller has no grant for this API server',
  connector: 'the caller has no grant for this connector',
  name: 'the caller has no grant for this name',
  path: 'the caller has no grant that covers each of these paths; a wildcard is covered only below a prefix, and an encoded dot segment, slash or backslash not at all',
  accessControl: 'the caller must send an accessControl with the id of a group, permission or scope',
  expired: "the caller's grant has expired",
};
