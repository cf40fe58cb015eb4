import { byId, element } from './element.js';
import { clock, countdown, duration, elapsed } from './time.js';

const drawn = new Map();

/** Shows rows; those that have not changed keep their elements, and with them the focus. */
export const fillList = (rows, selectedID) => {
  const body = byId('rows');
  const kept = new Set(rows.map(({ id }) => id));
  for (const [id, { node }] of drawn) {
    if (kept.has(id)) continue;
    node.remove();
    drawn.delete(id);
  }
  for (const [index, row] of rows.entries()) {
    const node = nodeOf(row);
    if (body.children[index] !== node) body.insertBefore(node, body.children[index] ?? null);
    const link = node.querySelector('a');
    if (row.id === selectedID) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
};

const nodeOf = (row) => {
  const before = drawn.get(row.id);
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
  took.replaceChildren(row.since ? elapsed(row.since) : row.ms === undefined ? '–' : duration(row.ms));
  for (const cell of [name, operation, caller, key]) cell.title = cell.textContent;
  drawn.set(row.id, { row, node });
  return node;
};

const columns = ['time', 'outcome', 'name', 'operation', 'caller', 'door', 'key', 'took'];

/** The outcome in a word, with how often it was tried or when it is tried again. */
export const outcome = ({ label, tone, attempts, since, comesAt }) =>
  element(
    'span',
    { class: 'state', 'data-tone': tone, 'data-runs': since !== undefined },
    element('span', { class: 'word' }, label),
    comesAt ? element('small', {}, countdown('in', comesAt)) : undefined,
    attempts > 1 ? element('small', { title: `${attempts} attempts` }, `×${attempts}`) : undefined,
  );
