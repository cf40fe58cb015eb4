/** Makes an element; strings become text nodes, and undefined and false nothing. */
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
};

export const button = (text, onClick, attributes = {}) => {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', onClick);
  return made;
};

/** Names with their values. */
export const facts = (pairs) =>
  element('dl', {}, ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));

export const byId = (id) => document.getElementById(id);

/** A text with code in backticks, as nodes. */
export const withCode = (text) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

/** Announces a text to a screen reader. */
export const announce = (text) => {
  byId('news').textContent = text;
};

/** Calls the gateway: its answer, or the message to show if it fails or does not answer. */
export const callGateway = async (path, method, body) => {
  const answer = await fetch(path, { method, body: JSON.stringify(body) }).catch(() => undefined);
  if (answer?.ok) return { answer };
  return { message: answer ? (await answer.json()).message : 'The gateway does not answer.' };
};
