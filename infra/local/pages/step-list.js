import { clock, element } from './element.js';

/** Adds what is new; all anew where two requests turned out to be one. */
export const showSteps = (list, { steps }) => {
  const shown = Number(list.dataset.shown ?? 0);
  const key = `${steps[0]?.at} ${steps[shown - 1]?.text}`;
  if (shown > steps.length || list.dataset.key !== key) list.replaceChildren();
  const from = list.childElementCount === 0 ? 0 : shown;
  let begun = steps.slice(0, from).findLast((step, index) => step.begins || index === 0)?.at ?? steps[0]?.at;
  let attempt = steps.slice(0, from).filter((step, index) => step.begins || index === 0).length;
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    if (step.begins || index === 0) {
      attempt += 1;
      begun = step.at;
      if (attempt > 1) list.append(element('li', { class: 'begin' }, `Attempt ${attempt}, ${clock(step.at)}`));
    }
    list.append(stepOf(step, begun));
  }
  list.dataset.shown = steps.length;
  list.dataset.key = `${steps[0]?.at} ${steps.at(-1)?.text}`;
};

const stepOf = ({ at, part, text, tone }, begun) =>
  element(
    'li',
    { 'data-tone': tone },
    element('time', { datetime: new Date(at).toISOString() }, `+${at - begun} ms`),
    element('span', { class: 'part' }, part),
    element('span', { class: 'text' }, text),
  );
