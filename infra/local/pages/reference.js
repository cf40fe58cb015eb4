import { button, element, facts } from './element.js';

/** Puts a new key into a form: the next request is another one. */
const renewKey = (form) => {
  const key = form.elements['Idempotency-Key'];
  if (key) key.value = crypto.randomUUID();
};

/** The headers of a webhook (Standard Webhooks), signed with the key of the local source. */
const signedHeaders = async (secret, { id, time, body }) => {
  const raw = Uint8Array.from(atob(secret.replace('whsec_', '')), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${time}.${body}`));
  const text = btoa(String.fromCharCode(...new Uint8Array(signature)));
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${text}` };
};

/** The request of a form, as it goes out. */
const requestOf = async ({ dataset, elements }) => {
  const inputs = [...elements].filter(({ dataset: { in: place }, value }) => place && value !== '');
  const inPath = new Map(inputs.map(({ name, value }) => [name, encodeURIComponent(value)]));
  const { accessToken, webhook } = await (await fetch('/local')).json();
  const isWebhook = dataset.path.startsWith('/v1/webhooks/');
  const own = isWebhook
    ? await signedHeaders(webhook.secret, {
        id: elements['webhook-id'].value || crypto.randomUUID(),
        time: elements['webhook-timestamp'].value || String(Math.floor(Date.now() / 1000)),
        body: elements.body.value,
      })
    : { authorization: `Bearer ${accessToken}` };
  return {
    url: dataset.path.replace(/\{(\w+)\}/g, (_, name) => inPath.get(name) ?? ''),
    method: dataset.method,
    headers: {
      ...own,
      ...(elements.body && { 'content-type': 'application/json' }),
      ...Object.fromEntries(
        inputs.flatMap((input) => (input.dataset.in === 'header' ? [[input.name, input.value]] : [])),
      ),
      ...(elements.Prefer?.checked && { prefer: elements.Prefer.value }),
    },
    body: elements.body?.value,
  };
};

const shownHeaders = ['provisioner-outcome', 'provisioner-request', 'correlation-id', 'location', 'retry-after'];

/** An answer: status, what it means, headers, and body. */
const answer = async (response, { headers }) => {
  const text = await response.text();
  const body = parsed(text);
  const key = headers['Idempotency-Key'];
  const shown = [
    ...(key ? [['idempotency-key', key]] : []),
    ...shownHeaders.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name)]] : [])),
  ];
  return [
    element(
      'p',
      { class: 'outcome', 'data-tone': response.ok ? 'good' : 'bad' },
      element('strong', {}, String(response.status)),
      ' ',
      body?.type && body.code
        ? element('a', { href: new URL(body.type).pathname + new URL(body.type).hash }, body.code)
        : response.statusText,
    ),
    ...(body?.details ?? []).map(({ message }) => element('p', { class: 'violation' }, message)),
    facts(shown),
    element('pre', { tabindex: '0' }, body === undefined ? text : colored(JSON.stringify(body, null, 2))),
  ];
};

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** JSON with its parts marked, as the server marks examples. */
const colored = (text) => {
  const code = element('code');
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    const kind = string === undefined ? 'num' : colon === undefined ? 'str' : 'var';
    code.append(text.slice(end, match.index), element('span', { class: `code-${kind}` }, string ?? whole), colon ?? '');
    end = match.index + whole.length;
  }
  code.append(text.slice(end));
  return code;
};

const execute = async (form, shown) => {
  const request = await requestOf(form);
  const response = await fetch(request.url, request);
  const repeat = button('Send again with the same key', async () => {
    shown.replaceChildren(...(await answer(await fetch(request.url, request), request)), repeat);
  });
  shown.replaceChildren(...(await answer(response, request)), ...(request.method === 'POST' ? [repeat] : []));
};

for (const form of document.querySelectorAll('form.request')) {
  const shown = form.parentElement.querySelector('.answer');
  const send = form.querySelector('[type="submit"]');
  renewKey(form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    shown.setAttribute('aria-busy', 'true');
    await execute(form, shown).catch(() => shown.replaceChildren(element('p', {}, 'The gateway does not answer.')));
    shown.removeAttribute('aria-busy');
    send.disabled = false;
    renewKey(form);
  });
}
