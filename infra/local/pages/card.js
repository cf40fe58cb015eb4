import { clock, element } from './element.js';
import { recordOf } from './ledger-record.js';
import { createProblemNote } from './problem-note.js';
import { examples } from './send.js';
import { stagesOf } from './stage-track.js';
import { stateOf } from './state.js';
import { showSteps } from './step-list.js';

/** Shows one request, and again whenever it has changed. */
export const createCard = (number) => {
  const title = element('span');
  const heading = element('h3', { id: `flow-${number}` }, element('span', { class: 'number' }, `#${number} `), title);
  const door = element('span', { class: 'door' });
  const pill = element('span', { class: 'pill' });
  const took = element('span', { class: 'took' });
  const track = element('ol', { class: 'stages', 'aria-label': 'How far it has come' });
  const summary = element('summary');
  const problem = createProblemNote({ focusNext: () => summary.focus() });
  const steps = element('ol', { class: 'steps', 'aria-label': 'Steps' });
  const record = element('div', { class: 'record' });
  const details = element('details', {}, summary, element('div', { class: 'inside' }, steps, record));
  const header = element('header', {}, heading, pill, door, took);
  const card = element(
    'article',
    { class: 'flow', 'aria-labelledby': heading.id },
    header,
    track,
    problem.node,
    details,
  );

  return {
    node: element('li', {}, card),
    details,
    show: (flow) => {
      const [name, tone] = stateOf(flow);
      title.textContent = examples.find((each) => each.name === flow.endpoint)?.summary ?? 'A request';
      door.textContent = [flow.door ?? 'queue', attemptsOf(flow)].filter(Boolean).join(' · ');
      pill.textContent = name;
      pill.dataset.tone = tone;
      took.textContent = `${flow.last - flow.begun} ms`;
      took.title = clock(flow.begun);
      track.replaceChildren(...stagesOf(flow));
      problem.show(flow, tone);
      summary.textContent = `${flow.steps.length} steps and the ledger’s record`;
      showSteps(steps, flow);
      record.replaceChildren(element('h4', {}, 'In the ledger'), recordOf(flow.record));
    },
  };
};

const attemptsOf = ({ attempts }) => (attempts > 1 ? `${attempts} attempts` : '');
