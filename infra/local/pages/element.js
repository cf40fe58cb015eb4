/** Makes an element; texts stay texts. */
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
};

/** A button that does something. */
export const button = (text, act, attributes = {}) => {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
};

/** The element with this id, which the page has. */
export const byId = (id) => document.getElementById(id);

/** Text with code in backticks, as nodes. */
export const withCode = (text) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

/** Says something aloud. */
export const announce = (text) => {
  byId('news').textContent = text;
};
