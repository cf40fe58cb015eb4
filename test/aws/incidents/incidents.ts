import type { Incident } from './incident.ts';
import { ofAws } from './of-aws.ts';
import { ofOurs } from './of-ours.ts';
import { ofPingOne } from './of-pingone.ts';

/** Everything that an alarm has to tell of. The runbook promises how soon. */
export const incidents: readonly Incident[] = [...ofPingOne, ...ofOurs, ...ofAws];
