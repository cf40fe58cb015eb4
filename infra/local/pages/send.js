import { announce, button, byId, element } from './element.js';

const { isSandbox, examples } = await (await fetch('/local/examples')).json();

export { isSandbox };

const fetchToken = async () => (await (await fetch('/local')).json()).accessToken;

/** Replaced by a token when the command is copied. */
const placeholder = '$TOKEN';

/** A complete command for the first endpoint. */
export const exampleCommand = [
  `curl '${location.origin}${examples[0].path}'`,
  "--header 'Content-Type: application/json'",
  `--header 'Authorization: Bearer ${placeholder}'`,
  `--data '${JSON.stringify(examples[0].body)}'`,
].join(' \\\n  ');

/** A button that copies a text. */
export const copyButton = (label, textOf, id) => {
  const copy = async () => {
    const template = textOf();
    const text = template.includes(placeholder) ? template.replace(placeholder, await fetchToken()) : template;
    await navigator.clipboard.writeText(text);
    announce(text.includes('••') ? 'Copied. Fill in the masked values.' : 'Copied.');
    made.textContent = 'Copied';
    setTimeout(() => {
      made.textContent = label;
    }, 1500);
  };
  const made = button(label, copy, { id });
  return made;
};

/** The form that sends a create; `onSend` gets its key. */
export const setUpForm = (onSend) => {
  const [dialog, example, key, body, isAsync] = ['send', 'example', 'key', 'body', 'async'].map(byId);
  example.append(...examples.map(({ summary }, index) => element('option', { value: index }, summary)));
  const fill = () => {
    const content = examples[example.value].body;
    const name = `${content.name}_${Math.random().toString(36).slice(2, 6)}`;
    body.value = JSON.stringify({ ...content, name }, null, 2);
    key.value = crypto.randomUUID();
  };
  example.addEventListener('change', fill);
  byId('cancel').addEventListener('click', () => dialog.close());
  byId('send-button').hidden = false;
  byId('send-button').addEventListener('click', () => {
    fill();
    dialog.showModal();
  });
  byId('send-form').addEventListener('submit', async () => {
    onSend(key.value);
    const headers = {
      authorization: `Bearer ${await fetchToken()}`,
      'content-type': 'application/json',
      ...(key.value && { 'idempotency-key': key.value }),
      ...(isAsync.checked && { prefer: 'respond-async' }),
    };
    await fetch(examples[example.value].path, { method: 'POST', headers, body: body.value }).catch(() =>
      announce('The gateway does not answer.'),
    );
  });
};
