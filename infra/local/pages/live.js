import { renderDetail } from './detail.js';
import { announce, button, byId, element } from './element.js';
import { loadFaults, showFaults } from './faults.js';
import { renderList } from './list.js';
import { copyButton, exampleCommand, isSandbox, setUpForm } from './send.js';
import { clock, tick } from './time.js';

const groups = {
  all: 'All',
  active: 'Active',
  created: 'Created',
  unknown: 'Unknown',
  rejected: 'Rejected',
  failed: 'Failed',
};

/** The gateway's latest rows, by id. */
const latest = new Map();
/** The rows on the page, which stay the same while it is paused. */
let shown = [];
let count = 0;
let group = 'all';
let isPaused = false;
let isConnected = false;
/** Key of a request that the page sent and whose row is not shown yet. */
let sentKey;

const selectedID = () => decodeURIComponent(location.hash.replace(/^#request-/, '#').slice(1));

const matchesFilter = (row) => {
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
  const found = shown.filter(matchesFilter);
  const selected = shown.find(({ id }) => id === selectedID());
  renderList(found, selected?.id);
  renderDetail(selected, { isMissing: selectedID() !== '' && location.hash.startsWith('#request-') && !selected });
  byId('columns').classList.toggle('open', !byId('detail').hidden);
  byId('table').hidden = found.length === 0;
  byId('none').hidden = found.length > 0;
  byId('none').replaceChildren(...(shown.length === 0 ? empty() : [element('p', {}, 'No request matches.')]));
  const waiting = isPaused ? [...latest.values()].filter((row) => !shown.includes(row)).length : 0;
  byId('kept').textContent = `${shown.length} of ${count} kept${waiting ? `; ${waiting} changed since the pause` : ''}`;
};

const showLatest = () => {
  if (isPaused) return show();
  shown = [...latest.values()].sort((one, other) => other.number - one.number);
  const sent = sentKey && shown.find(({ key }) => key === sentKey);
  if (sent) {
    sentKey = undefined;
    location.hash = `#request-${encodeURIComponent(sent.id)}`;
  }
  show();
};

const empty = () => [
  element('p', {}, element('strong', {}, count === 0 ? 'No request has come in yet.' : 'No request is kept.')),
  element('p', {}, 'Run this, or put an event on the bus. Copy fills in a token.'),
  element('pre', { class: 'block command' }, exampleCommand),
  copyButton('Copy', () => exampleCommand),
];

/** Announces a new outcome. */
const announceOutcome = (row) => {
  const before = latest.get(row.id);
  if (before?.outcome !== row.outcome && row.group !== 'active') {
    announce(`${row.name ?? 'Request'}: ${row.label}${row.problem?.code ? `, ${row.problem.code}` : ''}.`);
  }
};

const update = ({ rows, gone, count: total, faults }, isAll) => {
  if (isAll) latest.clear();
  else for (const row of rows) announceOutcome(row);
  for (const id of gone) latest.delete(id);
  for (const row of rows) latest.set(row.id, row);
  count = total;
  if (faults !== undefined) showFaults(faults);
  showLatest();
};

let lastEventAt;

const showConnection = (state) => {
  isConnected = state;
  const connection = byId('connection');
  connection.dataset.tone = state ? 'good' : 'bad';
  connection.textContent = state ? 'Connected' : 'Disconnected';
  byId('banner').hidden = state;
  document.body.classList.toggle('stale', !state);
  for (const id of ['clear', 'send-button']) byId(id).disabled = !state;
  if (state) return;
  const until = lastEventAt === undefined ? '' : ` This is how things stood at ${clock(lastEventAt)}.`;
  byId('banner').textContent = `The gateway does not answer; reconnecting.${until}`;
  showFaults(undefined);
};

const watch = () => {
  const source = new EventSource('/local/events');
  const on = (name, act) =>
    source.addEventListener(name, ({ data }) => {
      lastEventAt = Date.now();
      act(JSON.parse(data));
    });
  on('all', (state) => {
    showConnection(true);
    if (isSandbox) loadFaults();
    update(state, true);
  });
  on('update', (state) => update(state, false));
  source.addEventListener('error', () => {
    if (isConnected || lastEventAt === undefined) {
      lastEventAt &&= Date.now();
      showConnection(false);
    }
  });
  return source;
};

/** A browser limits the connections to one host, so a hidden page closes its own. */
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
  showLatest();
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
  setUpForm((key) => {
    sentKey = key;
  });
}
