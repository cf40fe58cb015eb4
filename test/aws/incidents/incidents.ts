import type { Incident } from './incident.ts';
import { ofAws } from './of-aws.ts';
import { ofOurs } from './of-ours.ts';
import { ofPingOne } from './of-pingone.ts';

/** All incidents with an alarm. The runbook has the maximum delays. */
export const incidents: readonly Incident[] = [...ofPingOne, ...ofOurs, ...ofAws];
