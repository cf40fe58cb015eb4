import { byId, element } from './element.js';
import { clock, countdown, duration, elapsed } from './time.js';

/** Id of a row -> the row, and its element. */
const rendered = new Map();

/** Shows rows. An unchanged row keeps its element, and with it the focus. */
export const renderList = (rows, selectedID) => {
  const body = byId('rows');
  const ids = new Set(rows.map(({ id }) => id));
  for (const [id, { node }] of rendered) {
    if (ids.has(id)) continue;
    node.remove();
    rendered.delete(id);
  }
  for (const [index, row] of rows.entries()) {
    const node = render(row);
    if (body.children[index] !== node) body.insertBefore(node, body.children[index] ?? null);
    const link = node.querySelector('a');
    if (row.id === selectedID) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
};

const render = (row) => {
  const before = rendered.get(row.id);
  if (before?.row === row) return before.node;
  const node = before?.node ?? element('tr', {}, ...columns.map((name) => element('td', { class: name })));
  const [time, state, name, operation, caller, door, key, took] = node.children;
  time.textContent = clock(row.at);
  state.replaceChildren(outcome(row));
  if (!before) name.append(element('a', { class: 'link', href: `#request-${encodeURIComponent(row.id)}` }));
  name.firstChild.textContent = row.name || 'no name';
  name.classList.toggle('absent', !row.name);
  operation.textContent = row.operation;
  caller.textContent = row.caller ?? '–';
  door.textContent = row.door;
  key.textContent = row.key ?? '–';
  took.replaceChildren(timeTaken(row) ?? '–');
  for (const cell of [name, operation, caller, key]) cell.title = cell.textContent;
  rendered.set(row.id, { row, node });
  return node;
};

const columns = ['time', 'outcome', 'name', 'operation', 'caller', 'door', 'key', 'took'];

/** The duration of the newest attempt, which ticks while it runs; undefined if there is no attempt. */
export const timeTaken = ({ runningSince, durationMs }) => {
  if (runningSince) return elapsed(runningSince);
  return durationMs === undefined ? undefined : duration(durationMs);
};

/** The outcome in a word, with the wait for the next delivery and the number of attempts. */
export const outcome = ({ label, tone, attempts, runningSince, nextDeliveryAt }) =>
  element(
    'span',
    { class: 'state', 'data-tone': tone, 'data-runs': runningSince !== undefined },
    element('span', { class: 'word' }, label),
    nextDeliveryAt ? element('small', {}, countdown('in', nextDeliveryAt)) : undefined,
    attempts > 1 ? element('small', { title: `${attempts} attempts` }, `×${attempts}`) : undefined,
  );
