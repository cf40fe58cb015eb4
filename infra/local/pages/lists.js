import { byId, clock, element } from './element.js';
import { examples } from './send.js';

const most = 30;

const addTo = (id, line) => {
  const list = byId(id);
  list.prepend(line);
  while (list.childElementCount > most) list.lastElementChild.remove();
  byId(`no-${id}`).hidden = true;
};

/** Shows an event on the bus. */
export const showEvent = ({ at, type, source, direction, tells }) =>
  addTo(
    'bus',
    element(
      'li',
      { 'data-tone': direction === 'out' ? (type.endsWith('Created') ? 'good' : 'bad') : 'plain' },
      element('span', { class: 'text' }, type),
      element('small', {}, [clock(at), direction === 'in' ? `from ${source}` : '', tells].filter(Boolean).join(' · ')),
    ),
  );

/** Shows what belongs to no request. */
export const showAside = ({ at, part, text, tone }) =>
  addTo(
    'asides',
    element(
      'li',
      { 'data-tone': tone },
      element('span', { class: 'text' }, text),
      element('small', {}, `${clock(at)} · ${part}`),
    ),
  );

/** Shows how the queues stand. */
export const showQueues = (queues) => byId('queues').replaceChildren(...queues.map(queueOf));

const queueOf = ({ endpoint, messages, deadLetters }) =>
  element(
    'div',
    { class: 'queue' },
    element('span', {}, examples.find(({ name }) => name === endpoint)?.summary ?? endpoint),
    element(
      'small',
      {},
      `${messages} waiting · ${deadLetters.length} dead ${deadLetters.length === 1 ? 'letter' : 'letters'}`,
    ),
    deadLetters.length === 0
      ? undefined
      : element('ul', {}, ...deadLetters.slice(-5).map(({ code, at }) => element('li', {}, `${code}, ${clock(at)}`))),
  );

/** Forgets all, before it is told anew. */
export const clearLists = () => {
  for (const id of ['bus', 'asides']) {
    byId(id).replaceChildren();
    byId(`no-${id}`).hidden = false;
  }
};
