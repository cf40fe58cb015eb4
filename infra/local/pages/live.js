import { showDetail } from './detail.js';
import { announce, button, byId, element } from './element.js';
import { connectFaults, showFaults } from './faults.js';
import { fillList } from './list.js';
import { copyButton, exampleCommand, isSandbox, startSending } from './send.js';
import { clock, tick } from './time.js';

const groups = {
  all: 'All',
  active: 'Active',
  created: 'Created',
  unknown: 'Unknown',
  rejected: 'Rejected',
  failed: 'Failed',
};

/** What the gateway told last, by id; and what is shown, which stays as it is while paused. */
const newest = new Map();
let shown = [];
let count = 0;
let group = 'all';
let isPaused = false;
let isConnected = false;
let awaitedKey;

const selectedID = () => decodeURIComponent(location.hash.replace(/^#request-/, '#').slice(1));

const matches = (row) => {
  const text = byId('search').value.trim().toLowerCase();
  if (group !== 'all' && row.group !== group) return false;
  if (text === '') return true;
  const { id, name, label, operation, caller, door, key, problem, ledger } = row;
  return JSON.stringify([id, name, label, operation, caller, door, key, problem, ledger]).toLowerCase().includes(text);
};

const filterButtons = Object.entries(groups).map(([name, label]) => {
  const number = element('span', { class: 'count' });
  const made = button(`${label} `, () => {
    group = name;
    show();
  });
  made.append(number);
  return { name, made, number };
});
byId('filters').append(...filterButtons.map(({ made }) => made));

const show = () => {
  for (const { name, made, number } of filterButtons) {
    number.textContent = String(shown.filter((row) => name === 'all' || row.group === name).length);
    made.setAttribute('aria-pressed', String(name === group));
  }
  const found = shown.filter(matches);
  const selected = shown.find(({ id }) => id === selectedID());
  fillList(found, selected?.id);
  showDetail(selected, { isMissing: selectedID() !== '' && location.hash.startsWith('#request-') && !selected });
  byId('columns').classList.toggle('open', !byId('detail').hidden);
  byId('table').hidden = found.length === 0;
  byId('none').hidden = found.length > 0;
  byId('none').replaceChildren(...(shown.length === 0 ? empty() : [element('p', {}, 'No request matches.')]));
  const waiting = isPaused ? [...newest.values()].filter((row) => !shown.includes(row)).length : 0;
  byId('kept').textContent = `${shown.length} of ${count} kept${waiting ? `; ${waiting} changed since the pause` : ''}`;
};

const showNewest = () => {
  if (isPaused) return show();
  shown = [...newest.values()].sort((one, other) => other.number - one.number);
  const awaited = awaitedKey && shown.find(({ key }) => key === awaitedKey);
  if (awaited) {
    awaitedKey = undefined;
    location.hash = `#request-${encodeURIComponent(awaited.id)}`;
  }
  show();
};

const empty = () => [
  element('p', {}, element('strong', {}, count === 0 ? 'No request has come in yet.' : 'No request is kept.')),
  element('p', {}, 'Run this, or put an event on the bus. Copy fills in a token.'),
  element('pre', { class: 'block command' }, exampleCommand),
  copyButton('Copy', () => exampleCommand),
];

/** Says aloud how a request ended, or that it did not. */
const tell = (row) => {
  const before = newest.get(row.id);
  if (before?.outcome !== row.outcome && row.group !== 'active') {
    announce(`${row.name ?? 'Request'}: ${row.label}${row.problem?.code ? `, ${row.problem.code}` : ''}.`);
  }
};

const update = ({ rows, gone, count: came, faults }, isAll) => {
  if (isAll) newest.clear();
  else for (const row of rows) tell(row);
  for (const id of gone) newest.delete(id);
  for (const row of rows) newest.set(row.id, row);
  count = came;
  if (faults !== undefined) showFaults(faults);
  showNewest();
};

let lastHeard;

const connected = (state) => {
  isConnected = state;
  const connection = byId('connection');
  connection.dataset.state = state ? 'open' : 'lost';
  connection.textContent = state ? 'Connected' : 'Disconnected';
  byId('banner').hidden = state;
  document.body.classList.toggle('stale', !state);
  for (const id of ['clear', 'send-button']) byId(id).disabled = !state;
  if (state) return;
  const until = lastHeard === undefined ? '' : ` This is how things stood at ${clock(lastHeard)}.`;
  byId('banner').textContent = `The gateway does not answer; reconnecting.${until}`;
  showFaults(undefined);
};

const watch = () => {
  const source = new EventSource('/local/events');
  const on = (name, act) =>
    source.addEventListener(name, ({ data }) => {
      lastHeard = Date.now();
      act(JSON.parse(data));
    });
  on('all', (state) => {
    connected(true);
    if (isSandbox) connectFaults();
    update(state, true);
  });
  on('update', (state) => update(state, false));
  source.addEventListener('error', () => {
    if (isConnected || lastHeard === undefined) {
      lastHeard &&= Date.now();
      connected(false);
    }
  });
  return source;
};

/** A browser has few connections to one host, which hidden pages leave to others. */
let source = watch();
document.addEventListener('visibilitychange', () => {
  source.close();
  if (!document.hidden) source = watch();
});

setInterval(() => {
  if (isConnected && !isPaused) tick();
}, 250);

byId('search').addEventListener('input', show);
window.addEventListener('hashchange', () => {
  show();
  if (!byId('detail').hidden) byId('detail').focus({ preventScroll: true });
});
byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  byId('pause').textContent = isPaused ? 'Resume' : 'Pause';
  showNewest();
});
byId('clear').addEventListener('click', () => fetch('/local/requests', { method: 'DELETE' }));
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, textarea, select, dialog, [popover]');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    byId('search').focus();
  }
  if (event.key === 'Escape' && !byId('detail').hidden) byId('close').click();
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const links = [...document.querySelectorAll('#rows a')];
  const at = links.indexOf(document.activeElement);
  if (step === undefined || (at < 0 && event.key.startsWith('Arrow'))) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
});

if (isSandbox) {
  startSending((key) => {
    awaitedKey = key;
  });
}
