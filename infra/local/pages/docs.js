import { byId, element } from './element.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const showScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
showScheme();
dark.addEventListener('change', showScheme);

/** Scrolls to the address's fragment, whose place is known only now. */
const goToTarget = () => {
  const target = byId(location.hash.slice(1));
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
};

/** Explains the problem in an answer by the page's own section on errors. */
const explain = (code) => {
  const help = byId(code)?.querySelector('dl').cloneNode(true);
  if (help === undefined) return byId('explained').replaceChildren();
  const close = element('button', { type: 'button' }, 'Close');
  close.addEventListener('click', () => byId('explained').replaceChildren());
  const links = element(
    'nav',
    { 'aria-label': 'This problem' },
    element('a', { href: `#${code}` }, 'All about it'),
    close,
  );
  const title = element('p', {}, 'The answer is ', element('strong', {}, code));
  byId('explained').replaceChildren(element('div', {}, title, help, links));
};

const codeIn = ({ headers, obj }) =>
  headers?.['content-type']?.startsWith('application/problem+json') ? obj?.type?.split('#')[1] : undefined;

/** Removes examples of headers, which swagger-ui would send: one is `respond-async`. Each page gets a new key. */
const readyToTry = (document) => {
  for (const parameter of Object.values(document.components?.parameters ?? {})) {
    delete parameter.example;
    delete parameter.examples;
    if (parameter.name === 'Idempotency-Key') parameter.example = crypto.randomUUID();
  }
  return document;
};

const document_ = readyToTry(await (await fetch('/openapi.json')).json());

/** The URL at the page's own origin: a browser hides answers of another origin. */
const here = (url) => {
  const { pathname, search } = new URL(url, location.href);
  return location.origin + pathname + search;
};

const ui = globalThis.SwaggerUIBundle({
  domNode: byId('endpoints'),
  spec: document_,
  layout: 'BaseLayout',
  validatorUrl: null,
  queryConfigEnabled: false,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  docExpansion: 'list',
  requestInterceptor: (request) => ({ ...request, url: here(request.url) }),
  responseInterceptor: (response) => {
    explain(codeIn(response));
    return response;
  },
  onComplete: async () => {
    await authorize();
    goToTarget();
  },
});

/** Fills the token into each bearer scheme. */
const authorize = async () => {
  const { accessToken } = await (await fetch('/local')).json();
  for (const [name, { type, scheme }] of Object.entries(document_.components?.securitySchemes ?? {})) {
    if (type === 'http' && scheme === 'bearer') ui.preauthorizeApiKey(name, accessToken);
  }
  byId('token').textContent =
    '“Try it out” calls the gateway on this machine; a token of its local issuer is filled in. What it creates is in the sandbox, unless a real PingOne is behind it.';
};
