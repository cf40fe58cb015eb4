import { createCard } from './card.js';
import { byId, element } from './element.js';
import { startFaults } from './faults.js';
import { clearLists, showAside, showEvent, showQueues } from './lists.js';
import { examples, isSandbox, send } from './send.js';
import { stateOf } from './state.js';

const cards = new Map();
const list = byId('flows');
/** The one that was opened by the page and not by the person, and the one before it. */
let opened;
let openedBefore;
let isReplaying = true;

const add = (flow) => {
  const card = createCard(flow.number);
  cards.set(flow.id, { ...card, number: flow.number, told: '' });
  const older = [...cards.values()].filter(({ number }) => number < flow.number).sort((a, b) => b.number - a.number)[0];
  if (older) older.node.before(card.node);
  else list.append(card.node);
  openOnly(card.details);
};

const openOnly = (details) => {
  if (opened?.dataset.own === undefined) opened?.removeAttribute('open');
  openedBefore = opened;
  opened = details;
  details.open = true;
  details.firstElementChild.addEventListener('click', () => {
    details.dataset.own = '';
  });
};

const showFlow = (flow) => {
  if (!cards.has(flow.id)) add(flow);
  const card = cards.get(flow.id);
  card.flow = flow;
  card.show(flow);
  tell(card, flow);
  showCount();
};

/** Says aloud how a request ended, or that it did not. */
const tell = (card, flow) => {
  const [name] = stateOf(flow);
  const news = `Request ${flow.number}: ${name}${flow.code && name !== 'Created' ? `, ${flow.code}` : ''}.`;
  if (news === card.told || ['working', undefined].includes(flow.state)) return;
  card.told = news;
  if (!isReplaying) byId('news').textContent = news;
};

const remove = (id) => {
  const card = cards.get(id);
  card?.node.remove();
  cards.delete(id);
  // It was a further attempt at a request that is shown.
  if (card !== undefined && card.details === opened && openedBefore?.isConnected) openOnly(openedBefore);
  showCount();
};

const showCount = () => {
  byId('empty').hidden = cards.size > 0;
  byId('count').textContent = cards.size === 0 ? '' : `${cards.size}, the newest first`;
};

const connection = byId('connection');
const connected = (state, text) => {
  connection.dataset.state = state;
  connection.textContent = text;
};

const watch = () => {
  const source = new EventSource('/local/events');
  const on = (name, show) => source.addEventListener(name, ({ data }) => show(JSON.parse(data)));
  source.addEventListener('open', () => {
    for (const id of [...cards.keys()]) remove(id);
    clearLists();
    connected('open', 'Watching');
    isReplaying = true;
  });
  source.addEventListener('error', () => connected('lost', 'The gateway is gone; waiting for it …'));
  on('flow', showFlow);
  on('gone', remove);
  on('bus', showEvent);
  on('aside', showAside);
  on('queues', (queues) => {
    showQueues(queues);
    // They are the last of what there was before.
    isReplaying = false;
  });
  return source;
};

/** A browser has few connections to one host, which hidden pages leave to others. */
const watchWhileSeen = () => {
  let source = watch();
  document.addEventListener('visibilitychange', () => {
    source.close();
    if (!document.hidden) source = watch();
  });
};

const refresh = () => {
  for (const card of cards.values()) card.show(card.flow);
};

const exampleButton = (example) => {
  const button = element('button', { type: 'button' }, example.summary);
  button.addEventListener('click', async () => {
    await send({ example, isAsync: byId('async').checked });
    refresh();
  });
  return button;
};

if (isSandbox) {
  byId('examples').append(...examples.map(exampleButton));
  await startFaults();
} else {
  byId('send-note').textContent = 'A real PingOne is behind this gateway, so nothing is sent from here.';
  byId('async').parentElement.hidden = true;
}
watchWhileSeen();
