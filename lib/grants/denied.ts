import { Problem } from '../problems.ts';
import type { Denied } from './decide.ts';

/** The answer to a denied request (403): it names the failed dimension and reveals no other caller. */
export const denied = ({ dimension, denial }: Pick<Denied, 'dimension' | 'denial'>): Problem => {
  const violation = { code: 'INSUFFICIENT_PERMISSIONS', message: denial, innerError: { dimension } };
  return new Problem('ACCESS_FAILED', `Denied by the dimension ${dimension}: ${denial}.`, { violations: [violation] });
};
