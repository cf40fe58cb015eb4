import { element } from './element.js';
import { stateOf } from './state.js';

const stages = ['received', 'checked', 'granted', 'sent', 'settled'];

/** How far a request has come, stage by stage. */
export const stagesOf = (flow) => stages.map((stage, index) => stageOf(flow, stage, index));

const stageOf = (flow, stage, index) => {
  const { reached, begun, grant } = flow;
  const at = lookOf(flow, stage, index);
  const when = reached[stage] === undefined ? undefined : `+${reached[stage] - begun} ms`;
  const detail = stage === 'granted' && grant !== undefined ? `${when ?? ''} by “${grant}”` : when;
  const name = stage[0].toUpperCase() + stage.slice(1);
  return element('li', { 'data-at': at }, element('span', {}, name), element('small', {}, detail ?? words[at] ?? ' '));
};

const words = { skipped: 'not needed', bad: 'ended here', open: 'not known yet', now: '…' };

/** Whether a stage was reached, is the one that is missing, or was passed by. */
const lookOf = (flow, stage, index) => {
  const { reached, state } = flow;
  const [, tone] = stateOf(flow);
  if (reached[stage] !== undefined) return stage === 'settled' ? tone : 'reached';
  const furthest = Math.max(...stages.map((each, place) => (reached[each] === undefined ? -1 : place)));
  if (index < furthest) return 'skipped';
  if (state === 'unknown') return stage === 'settled' ? 'open' : 'skipped';
  if (index > furthest + 1) return 'none';
  return tone === 'bad' ? 'bad' : 'now';
};
