import { valueAt } from '../../../lib/validation/members.ts';
import { outcomeOf, outcomeOfPublished, outcomes } from '../live/outcome.ts';
import { problemOf } from '../live/problem.ts';
import type { Row } from '../live/row.ts';
import { viewOf } from '../live/view.ts';
import { parseJson, textOf } from '../loopback/json.ts';
import type { Line } from './line.ts';

/** The terminal's line for an outcome on the bus, or for an event that matched no rule. */
export const busLine = (row: Row): Line => {
  const { published, event, at } = row;
  const outcome = published ? outcomeOfPublished(published) : outcomeOf(row).name;
  const { label, tone } = outcomes[outcome];
  const problem = published?.how === undefined ? problemOf(row, outcome) : undefined;
  const resource = textOf(valueAt(parseJson(published?.detail), 'resource.id'));
  const [violation, ...others] = problem?.violations ?? [];
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    outcome: label,
    tone,
    via: 'bus',
    ms: published && published.at - at,
    name: viewOf(row).name ?? event?.type ?? 'a message',
    code: published?.code ?? resource,
    reason: violation ? `${violation.message}${more}` : problem?.detail,
    hint: published ? undefined : problem?.remedy?.replaceAll('`', ''),
  };
};
