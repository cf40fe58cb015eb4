import { button, byId, callGateway, element, facts, withCode } from './element.js';
import { outcome, timeTaken } from './list.js';
import { copyButton, isSandbox } from './send.js';
import { clock, countdown, duration, preciseClock } from './time.js';

const tabs = ['Request', 'Response', 'Timeline', 'Ledger'];
let tab = 'Request';
let rendered;

/** Shows a request, or that it is missing; without either hides the detail. An unchanged request is not rendered again. */
export const renderDetail = (row, { isMissing }) => {
  const detail = byId('detail');
  detail.hidden = !row && !isMissing;
  if (row === rendered && row) return;
  rendered = row;
  if (!row) return detail.replaceChildren(...(isMissing ? missing() : []));
  const focused = detail.contains(document.activeElement) ? document.activeElement.id : undefined;
  const scrolled = detail.scrollTop;
  detail.setAttribute('aria-label', `Request ${row.name || row.number}`);
  const parts = [head(row), problemOf(row), deploymentOf(row), actions(row), tabList(row), panel(row)];
  detail.replaceChildren(...parts.filter(Boolean));
  detail.scrollTop = scrolled;
  if (focused) (byId(focused) ?? detail).focus({ preventScroll: true });
};

const missing = () => [
  element('div', { class: 'head' }, element('h2', {}, 'This request is not kept'), close()),
  element('p', { class: 'note' }, 'It was cleared, or the gateway has started again since.'),
];

const close = () => button('Close', closeDetail, { id: 'close', class: 'quiet' });

const closeDetail = () => {
  const link = document.querySelector('#rows a[aria-current]');
  history.pushState(null, '', location.pathname);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  link?.focus();
};

const head = (row) => {
  const { name, operation, caller, door, at } = row;
  const note = [operation, caller, door, clock(at), timeTaken(row)].filter(Boolean);
  return element(
    'header',
    { class: 'head' },
    element('h2', {}, name || 'No name', outcome(row)),
    close(),
    element('p', { class: 'note' }, ...note.flatMap((fact, index) => (index === 0 ? [fact] : [' · ', fact]))),
  );
};

const problemOf = ({ problem, tone }) => {
  if (!problem) return undefined;
  const { code, title, detail, remedy, violations } = problem;
  const link = code && element('a', { href: `/guides/lib/http/ERRORS.md#${code}` }, code);
  const items = violations.map(({ target, message }) =>
    element('li', {}, ...(message.startsWith(target) ? [] : [element('code', {}, target), ' ']), message),
  );
  return element(
    'div',
    { class: 'problem', 'data-tone': tone },
    element('p', {}, element('strong', {}, title), ' ', link),
    Boolean(detail) && detail !== title && element('p', {}, detail),
    items.length > 0 && element('ul', {}, ...items),
    remedy !== undefined && items.length === 0 && element('p', {}, ...withCode(remedy)),
  );
};

const deploymentOf = ({ deployment }) =>
  deployment && element('p', { class: 'deployment', 'data-tone': deployment.tone }, deployment.text);

const actions = (row) => {
  const { id, retry, curl } = row;
  const note = element('small', { role: 'status' });
  return element(
    'p',
    { class: 'actions' },
    retry && (isSandbox || retry.label !== 'Send again') && retryButton(id, retry, note),
    curl && copyButton('Copy as curl', () => curl, 'copy-curl'),
    copyButton('Copy id', () => row.ledger?.find(([name]) => name === 'request')?.[1] ?? id, 'copy-id'),
    copyButton('Copy link', () => location.href, 'copy-link'),
    note,
  );
};

const retryButton = (id, { label, usefulAt }, note) => {
  const retry = async () => {
    made.disabled = true;
    const { message } = await callGateway('/local/retry', 'POST', { id });
    made.disabled = false;
    if (message) note.textContent = message;
  };
  const made = button(`${label} `, retry, { id: 'retry' });
  if (usefulAt) made.append(countdown('· may help in', usefulAt));
  return made;
};

const tabList = (row) => {
  const list = element(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the request' },
    ...tabs.map((name) =>
      button(name, () => choose(name, row), {
        id: `tab-${name}`,
        role: 'tab',
        'aria-selected': String(name === tab),
        'aria-controls': 'panel',
        tabindex: name === tab ? '0' : '-1',
      }),
    ),
  );
  list.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) choose(tabs.at((tabs.indexOf(tab) + step) % tabs.length), row);
  });
  return list;
};

const choose = (name, row) => {
  tab = name;
  for (const each of tabs) {
    byId(`tab-${each}`).setAttribute('aria-selected', String(each === name));
    byId(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  byId(`tab-${name}`).focus();
  byId('panel').replaceWith(panel(row));
};

const panel = (row) => {
  const attributes = { id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${tab}`, tabindex: '0' };
  return element('div', attributes, ...panels[tab](row));
};

const message = ({ line, headers, body }) => [
  element('p', { class: 'line' }, line),
  facts(Object.entries(headers)),
  body ? element('pre', { class: 'block' }, body) : element('p', { class: 'note' }, 'No body.'),
];

const panels = {
  Request: ({ request }) => message(request),
  Response: ({ response, runningSince }) =>
    response ? message(response) : [element('p', { class: 'note' }, runningSince ? 'No answer yet.' : 'No answer.')],
  Timeline: ({ timeline }) => [element('ol', { class: 'timeline' }, ...timeline.map(step))],
  Ledger: ({ ledger }) =>
    ledger
      ? [facts(ledger.map(([name, value]) => [name, ledgerValue(name, value)]))]
      : [element('p', { class: 'note' }, 'The ledger has no record of this request.')],
};

const step = ({ at, part, text, tone, startsAttempt }) =>
  element(
    'li',
    { 'data-tone': tone, class: startsAttempt ? 'begins' : undefined },
    element('time', { datetime: new Date(at).toISOString() }, preciseClock(at)),
    element('span', { class: 'part' }, part),
    element('span', { class: 'text' }, text),
  );

const ledgerValue = (name, value) => {
  if (name === 'graceMs') return duration(value);
  return typeof value === 'number' && value > 1e12 ? clock(value) : String(value);
};
